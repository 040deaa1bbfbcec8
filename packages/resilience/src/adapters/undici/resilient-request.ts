import type { Dispatcher } from 'undici'
import { formatDeadline } from '../../deadline/deadline-header.ts'
import { stackless } from '../../errors/stackless.ts'
import type { CallContext } from '../../pipeline/context.ts'
import { toExecuteOptions } from '../http/call-options.ts'
import type { PipelineForOrigin } from '../http/http-pipeline.ts'
import type { HttpSettings } from '../http/http-rules.ts'
import { IDEMPOTENCY_KEY_HEADER, isIdempotentRequest } from '../http/idempotency.ts'
import { RefusedResponse } from '../http/refused-response.ts'
import { sendAsAttempt } from '../http/resend-count.ts'
import { Attempt } from './attempt.ts'
import { readCallOptions } from './call-options.ts'
import { type HeaderRecord, readHeader, toHeaderRecord, withHeader } from './header-record.ts'
import { RequestController } from './request-controller.ts'

/** One request of the caller's: any number of attempts, one reply or error to the caller's handler. */
export class ResilientRequest {
  readonly #dispatch: Dispatcher.Dispatch
  readonly #options: Dispatcher.DispatchOptions
  readonly #handler: Dispatcher.DispatchHandler
  readonly #settings: HttpSettings
  readonly #headers: HeaderRecord
  readonly #controller = new RequestController()
  readonly #attempts = new Set<Attempt>()
  /** Replies that count as failures; the last may be the one that the caller gets. */
  readonly #refused = new Map<RefusedResponse, Attempt>()
  #isOver = false

  constructor(
    dispatch: Dispatcher.Dispatch,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    settings: HttpSettings,
  ) {
    this.#dispatch = dispatch
    this.#options = options
    this.#handler = handler
    this.#settings = settings
    this.#headers = toHeaderRecord(options.headers)
  }

  start(pipelineFor: PipelineForOrigin<Attempt>): void {
    this.#run(pipelineFor).catch((error: unknown) => {
      const isDelivered = this.#controller.target !== undefined
      this.#end(undefined)
      if (!isDelivered) this.#handler.onResponseError?.(this.#controller, toError(error))
    })
  }

  async #run(pipelineFor: PipelineForOrigin<Attempt>): Promise<void> {
    const { body, method } = this.#options
    const { deadlineHeader } = this.#settings
    this.#handler.onRequestStart?.(this.#controller, null)
    const attempt = await pipelineFor(this.#origin)
      .execute(
        (context) => this.#attempt(context),
        toExecuteOptions({
          call: readCallOptions(this.#options),
          idempotent: isIdempotentRequest(method, readHeader(this.#headers, IDEMPOTENCY_KEY_HEADER) !== undefined),
          replayable: isReplayable(body),
          deadlineHeader: deadlineHeader && readHeader(this.#headers, deadlineHeader),
          signal: this.#controller.signal,
        }),
      )
      .catch((error: unknown) => {
        const refused = error instanceof RefusedResponse ? this.#refused.get(error) : undefined
        if (refused === undefined) throw error
        return refused
      })
    this.#end(attempt)
    this.#controller.target = attempt.controller
    attempt.deliver(this.#handler, this.#controller)
  }

  async #attempt({ signal, deadline, attempt: number }: CallContext): Promise<Attempt> {
    for (const refused of this.#refused.values()) refused.discard()
    const attempt = new Attempt()
    this.#attempts.add(attempt)
    const onAbort = () => attempt.abort(toError(signal.reason))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    else sendAsAttempt(number, () => this.#dispatch({ ...this.#options, headers: this.#headersFor(deadline) }, attempt))
    const { status, headers } = await attempt.answered
    if (this.#isOver) attempt.abort(new Error('the reply was not needed'))
    if (!this.#settings.isFailure(status)) return attempt
    const retryAfter = headers['retry-after']
    const error = stackless(() => new RefusedResponse(this.#origin, status, [retryAfter].flat()[0]))
    this.#refused.set(error, attempt)
    throw error
  }

  #headersFor(deadline: number | undefined): HeaderRecord {
    const { deadlineHeader } = this.#settings
    if (deadlineHeader === undefined || deadline === undefined) return this.#headers
    return withHeader(this.#headers, deadlineHeader, formatDeadline(deadline))
  }

  get #origin(): string {
    const { origin } = this.#options
    return origin === undefined ? 'unknown origin' : new URL(origin).origin
  }

  /** The other attempts are of no use any more. */
  #end(winner: Attempt | undefined): void {
    this.#isOver = true
    for (const attempt of this.#attempts)
      if (attempt !== winner) {
        attempt.discard()
        attempt.abort(new Error('the reply was not needed'))
      }
  }
}

function isReplayable(body: unknown): boolean {
  return body === null || body === undefined || typeof body === 'string' || body instanceof Uint8Array
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The request was aborted.', { cause: reason })
}
