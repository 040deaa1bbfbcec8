/** The part of opossum that the benchmark uses; the package has no types of its own. */
declare module 'opossum' {
  export default class CircuitBreaker<Arguments extends unknown[], Result> {
    constructor(action: (...args: Arguments) => Promise<Result>, options: Record<string, number | boolean>)
    readonly status: { increment(name: string, latency: number): void; readonly stats: { failures: number } }
    fire(...args: Arguments): Promise<Result>
    shutdown(): void
  }
}
