import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseDeadline } from '../../deadline/deadline-header.ts'
import { ResilienceError } from '../../errors/resilience-error.ts'
import { isThenable } from '../../outcome/is-thenable.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { ResiliencePluginSettings } from './plugin-options.ts'

/** The caller closed the connection before it got its reply. The reason of the request's signal. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError'
}

/** The reply was a failure: what limits that learn from failures are told. Nobody else sees it. */
class FailedReply extends Error {}

/** One request on its way through the admission pipeline: in when it is admitted, out when it was served. */
export class InboundCall {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #settings: ResiliencePluginSettings
  readonly #callerGone = new AbortController()
  readonly #served = Promise.withResolvers<void>()
  #isReplyOut = false
  #work = 0

  constructor(request: FastifyRequest, reply: FastifyReply, settings: ResiliencePluginSettings) {
    this.#request = request
    this.#reply = reply
    this.#settings = settings
    // One that was turned away is told of nothing.
    this.#served.promise.catch(() => {})
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) this.#callerGone.abort(new CallerGoneError('The caller went away.'))
      this.#isReplyOut = true
      this.#settle()
    })
  }

  /** Calls `proceed` once the request is let in; replies itself otherwise. */
  enter(pipeline: ResiliencePluginSettings['admission'], proceed: (error?: Error) => void): void {
    const { deadlineHeader, maxDeadline, priority } = this.#settings
    const asked =
      deadlineHeader === false ? undefined : parseDeadline(this.#request.headers[deadlineHeader.toLowerCase()])
    const latest = Math.min(asked ?? Number.POSITIVE_INFINITY, Date.now() + maxDeadline)
    const deadline = latest === Number.POSITIVE_INFINITY ? undefined : latest
    this.#request.deadline = deadline
    pipeline
      .execute((context) => this.#admit(context, proceed), {
        signal: this.#callerGone.signal,
        deadline,
        priority: priority(this.#request),
        idempotent: false,
      })
      .catch((error: unknown) => this.#refuse(error, proceed))
  }

  /** The reply may be out before the handler has ended; the place is taken until both are. */
  track(work: unknown): void {
    if (!isThenable(work)) return
    this.#work++
    const done = () => {
      this.#work--
      this.#settle()
    }
    work.then(done, done)
  }

  #admit(context: CallContext, proceed: () => void): Promise<void> {
    const { signal } = context
    // Before any listener of the handler, so that a handler that throws the reason comes second.
    signal.addEventListener('abort', () => this.#refuse(signal.reason, proceed), { once: true })
    const { handlerTimeout } = this.#request.routeOptions
    const own = handlerTimeout > 0 ? AbortSignal.any([signal, this.#request.signal]) : signal
    Object.defineProperty(this.#request, 'signal', { value: own, configurable: true })
    this.#request.deadline = context.deadline
    proceed()
    return this.#served.promise
  }

  #refuse(error: unknown, proceed: (error?: Error) => void): void {
    if (error instanceof FailedReply || error instanceof CallerGoneError || this.#reply.sent) return
    if (error instanceof ResilienceError) this.#settings.answer(error, this.#request, this.#reply)
    else proceed(error instanceof Error ? error : new Error('The request was turned away.', { cause: error }))
  }

  #settle(): void {
    if (!this.#isReplyOut || this.#work > 0) return
    const { statusCode } = this.#reply
    if (statusCode >= 500) this.#served.reject(new FailedReply(`replied with status ${statusCode}`))
    else this.#served.resolve()
  }
}
