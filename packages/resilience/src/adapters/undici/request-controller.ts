import type { Dispatcher } from 'undici'

/**
 * What the caller's handler holds from the first moment, also while no attempt is under way: it must be able to cancel
 * a request that waits in a queue or for the next attempt.
 */
export class RequestController implements Dispatcher.DispatchController {
  readonly #cancel = new AbortController()
  /** The attempt whose reply the caller gets. */
  target: Dispatcher.DispatchController | undefined
  #paused = false
  #reason: Error | null = null

  get signal(): AbortSignal {
    return this.#cancel.signal
  }

  get aborted(): boolean {
    return this.#cancel.signal.aborted
  }

  get reason(): Error | null {
    return this.#reason
  }

  get paused(): boolean {
    return this.#paused
  }

  get rawHeaders() {
    return this.target?.rawHeaders ?? null
  }

  get rawTrailers() {
    return this.target?.rawTrailers ?? null
  }

  abort(reason: Error): void {
    if (this.aborted) return
    this.#reason = reason
    this.#cancel.abort(reason)
    this.target?.abort(reason)
  }

  pause(): void {
    this.#paused = true
    this.target?.pause()
  }

  resume(): void {
    this.#paused = false
    this.target?.resume()
  }
}
