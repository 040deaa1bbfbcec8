import { HttpProblem } from '@chaos-kitchen/service/errors'

export { DatabaseUnavailableError, HttpProblem } from '@chaos-kitchen/service/errors'

/** Menu or loyalty answered with an error, with nonsense, or not at all. */
export class DownstreamError extends Error {
  override readonly name = 'DownstreamError'
  readonly service: string
  /** Status of the reply; undefined when there was none: refused, reset, cut off. */
  readonly status: number | undefined
  /** What the reply's Retry-After asked for, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(
    service: string,
    what: string,
    reply: { status?: number; retryAfter?: number | undefined } = {},
    options?: ErrorOptions,
  ) {
    super(`${service} ${what}`, options)
    this.service = service
    this.status = reply.status
    this.retryAfter = reply.retryAfter
  }
}

/** Replied to as 422: the order names what is not on the menu. */
export class UnknownItemError extends HttpProblem {
  override readonly name = 'UnknownItemError'

  constructor(itemId: string, options?: ErrorOptions) {
    super(422, { type: 'unknown-item', title: 'Unknown item', detail: `The menu has no item "${itemId}".` }, options)
  }
}

/** Replied to as 422: the key was used before, for another order. */
export class IdempotencyConflictError extends HttpProblem {
  override readonly name = 'IdempotencyConflictError'

  constructor() {
    super(422, {
      type: 'idempotency-key-reused',
      title: 'Idempotency key reused',
      detail: 'This Idempotency-Key belongs to another order. Use a new key for a new order.',
    })
  }
}
