/** What a problem document says (RFC 9457). */
export interface ProblemDetails {
  /** What went wrong this time, in words for the caller: never a stack, never internals. */
  detail?: string
  /** Last part of the problem's type URN; without it the type is `about:blank` and the title says it all. */
  type?: string
  /** Default: the status's own phrase. */
  title?: string
  /** Milliseconds until another attempt makes sense; becomes the Retry-After header, in whole seconds. */
  retryAfter?: number
  errors?: ProblemError[]
}

/** One fault of an input: where, and what is wrong with it. */
export interface ProblemError {
  /** JSON pointer into the body, as `#/items/0/quantity`, or `parameter NAME` outside of it. */
  pointer: string
  detail: string
}

/** An error with the reply that it deserves. Thrown anywhere below a route, it becomes a problem document. */
export class HttpProblem extends Error {
  override readonly name: string = 'HttpProblem'
  readonly status: number
  readonly details: ProblemDetails

  constructor(status: number, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(details.detail ?? details.title ?? `status ${status}`, options)
    this.status = status
    this.details = details
  }
}
