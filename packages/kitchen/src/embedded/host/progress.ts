import type { UpProgress } from '../../stage.ts'

/** What is ready and what is awaited, told at every change and once a second. */
export class Progress {
  readonly #started = performance.now()
  readonly #ready: UpProgress['ready'] = []
  readonly #waiting = new Set<string>()
  readonly #tell: (progress: UpProgress) => void
  readonly #timer: NodeJS.Timeout

  constructor(tell: (progress: UpProgress) => void) {
    this.#tell = tell
    this.#timer = setInterval(() => this.#say(), 1_000)
  }

  async track<T>(name: string, work: Promise<T>): Promise<T> {
    this.#waiting.add(name)
    this.#say()
    const result = await work
    this.#waiting.delete(name)
    this.#ready.push({ name, ms: Math.round(performance.now() - this.#started) })
    this.#say()
    return result
  }

  note(note: string): void {
    this.#tell({ ...this.snapshot(), note })
  }

  snapshot(): UpProgress {
    return { ready: [...this.#ready], waiting: [...this.#waiting] }
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #say(): void {
    this.#tell(this.snapshot())
  }
}
