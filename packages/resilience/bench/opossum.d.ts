/** The part of opossum that the benchmarks use; the package has no types of its own. */
declare module 'opossum' {
  export default class CircuitBreaker<Arguments extends unknown[], Result> {
    constructor(action: (...args: Arguments) => Promise<Result>, options: Record<string, number | boolean | string>)
    readonly status: { increment(name: string, latency: number): void; readonly stats: { failures: number } }
    readonly opened: boolean
    readonly halfOpen: boolean
    fire(...args: Arguments): Promise<Result>
    on(event: 'success', listener: () => void): this
    shutdown(): void
  }
}
