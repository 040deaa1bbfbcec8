/** What happens on the server, as it is told to whoever listens: `GET /events` and `server.onEvent`. */
export type ChaosEvent = { readonly proxy: string } & (
  | { readonly type: 'proxy'; readonly change: 'created' | 'enabled' | 'disabled' | 'deleted' }
  | { readonly type: 'toxic'; readonly toxic: string; readonly change: 'added' | 'changed' | 'removed' | 'expired' }
  | { readonly type: 'connection'; readonly connection: number; readonly client: string; readonly toxics: string[] }
  | {
      readonly type: 'close'
      readonly connection: number
      /** Who or what ended it: a side, a toxic, an error or a control call. */
      readonly reason: string
      /** Milliseconds that it was open. */
      readonly age: number
      /** Bytes read from the client and from the upstream. */
      readonly received: { readonly upstream: number; readonly downstream: number }
    }
)

/** An event with its moment, in milliseconds since 1970. */
export type StampedEvent = ChaosEvent & { readonly time: number }

export type EventListener = (event: StampedEvent) => void

/** Tells listeners, in the order in which they came. What one throws is an uncaught error, but not the proxy's. */
export class Events {
  readonly #listeners = new Set<EventListener>()

  /** @returns what ends the subscription */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: ChaosEvent): void {
    if (this.#listeners.size === 0) return
    const stamped = { ...event, time: Date.now() }
    for (const listener of this.#listeners) {
      try {
        listener(stamped)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
