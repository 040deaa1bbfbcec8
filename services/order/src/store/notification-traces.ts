/**
 * Which trace each notification belongs to that was read from the outbox and not yet marked: so that telling loyalty
 * of an order, later and from the background, still shows in the order's own trace.
 */
export class NotificationTraces {
  readonly #traceparents = new Map<string, string>()

  remember(orderId: string, traceparent: string): void {
    this.#traceparents.set(orderId, traceparent)
  }

  of(orderId: string): string | undefined {
    return this.#traceparents.get(orderId)
  }

  forget(orderIds: string[]): void {
    for (const orderId of orderIds) this.#traceparents.delete(orderId)
  }
}
