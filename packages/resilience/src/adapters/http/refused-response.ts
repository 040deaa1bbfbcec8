/**
 * A reply whose status counts as a failure, as the policies see it: `isTransient` reads its status and `retry` its
 * Retry-After header. The caller gets the reply itself.
 */
export class RefusedResponse extends Error {
  override readonly name = 'RefusedResponse'
  readonly status: number
  readonly headers: { readonly 'retry-after'?: string }

  constructor(origin: string, status: number, retryAfter: string | undefined) {
    super(`${origin} answered with status ${status}`)
    this.status = status
    this.headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  }
}
