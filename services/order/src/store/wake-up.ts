/** Remembers that something happened until somebody waits for it, so that no call is missed between two waits. */
export class WakeUp {
  #pending = false
  #wake: () => void = () => undefined

  call(): void {
    this.#pending = true
    this.#wake()
  }

  /** For one waiter at a time. @throws the signal's reason when it aborts */
  async wait(atMost: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (!this.#pending) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, atMost)
      signal?.addEventListener('abort', this.#wake, { once: true })
      await promise
      clearTimeout(timer)
      signal?.removeEventListener('abort', this.#wake)
      signal?.throwIfAborted()
    }
    this.#pending = false
  }
}
