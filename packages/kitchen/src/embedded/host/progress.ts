import type { UpProgress } from '../../stage.ts'

/** What is ready and what is awaited, told at every change and once a second. */
export class Progress {
  readonly #started = performance.now()
  readonly #ready: UpProgress['ready'] = []
  readonly #waiting = new Map<string, () => string>()
  readonly #tell: (progress: UpProgress) => void
  readonly #timer: NodeJS.Timeout

  constructor(tell: (progress: UpProgress) => void) {
    this.#tell = tell
    this.#timer = setInterval(() => this.#say(), 1_000)
  }

  /** @param describe what is shown while it lasts, where the name alone does not say how far it is */
  async track<T>(name: string, work: Promise<T>, describe: () => string = () => name): Promise<T> {
    this.#waiting.set(name, describe)
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
    return { ready: [...this.#ready], waiting: [...this.#waiting.values()].map((describe) => describe()) }
  }

  end(): void {
    clearInterval(this.#timer)
  }

  #say(): void {
    this.#tell(this.snapshot())
  }
}
