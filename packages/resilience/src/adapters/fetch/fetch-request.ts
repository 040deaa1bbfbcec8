import { formatDeadline } from '../../deadline/deadline-header.ts'
import { stackless } from '../../errors/stackless.ts'
import type { CallContext } from '../../pipeline/context.ts'
import { type RequestCall, toExecuteOptions } from '../http/call-options.ts'
import type { PipelineForOrigin } from '../http/http-pipeline.ts'
import type { HttpSettings } from '../http/http-rules.ts'
import { IDEMPOTENCY_KEY_HEADER, isIdempotentRequest } from '../http/idempotency.ts'
import { RefusedResponse } from '../http/refused-response.ts'
import { sendAsAttempt } from '../http/resend-count.ts'
import { discard, readAhead } from './response-body.ts'

/** One request of the caller's: any number of attempts, one response or error. */
export class FetchRequest {
  readonly #input: string | URL | Request
  readonly #init: RequestInit
  readonly #call: RequestCall | undefined
  readonly #settings: HttpSettings
  readonly #headers: Headers
  readonly #method: string
  readonly #origin: string
  readonly #signal: AbortSignal | undefined
  /** Those that nobody has discarded yet. */
  readonly #responses = new Set<Response>()
  readonly #refused = new Map<RefusedResponse, Response>()
  #isOver = false

  constructor(
    input: string | URL | Request,
    { call, ...init }: RequestInit & { call?: RequestCall },
    settings: HttpSettings,
  ) {
    const request = input instanceof Request ? input : undefined
    this.#input = input
    this.#init = init
    this.#call = call
    this.#settings = settings
    this.#headers = new Headers(init.headers ?? request?.headers)
    this.#method = init.method ?? request?.method ?? 'GET'
    this.#origin = new URL(request?.url ?? String(input)).origin
    this.#signal = init.signal ?? request?.signal
  }

  async send(pipelineFor: PipelineForOrigin<Response>): Promise<Response> {
    const { deadlineHeader } = this.#settings
    const options = toExecuteOptions({
      call: this.#call,
      idempotent: isIdempotentRequest(this.#method, this.#headers.has(IDEMPOTENCY_KEY_HEADER)),
      replayable: this.#isReplayable(),
      deadlineHeader: deadlineHeader && (this.#headers.get(deadlineHeader) ?? undefined),
      signal: this.#signal,
    })
    try {
      return this.#end(await pipelineFor(this.#origin).execute((context) => this.#attempt(context), options))
    } catch (error) {
      const response = this.#end(error instanceof RefusedResponse ? this.#refused.get(error) : undefined)
      if (response === undefined) throw error
      return response
    }
  }

  async #attempt({ signal, deadline, attempt }: CallContext): Promise<Response> {
    for (const refused of this.#refused.values()) this.#discard(refused)
    const { deadlineHeader } = this.#settings
    const headers = new Headers(this.#headers)
    if (deadlineHeader !== undefined && deadline !== undefined) headers.set(deadlineHeader, formatDeadline(deadline))
    // The pipeline's signal is silent once the attempt has succeeded; the caller's still ends the body.
    const either = this.#signal === undefined ? signal : AbortSignal.any([signal, this.#signal])
    const response = await sendAsAttempt(attempt, () => fetch(this.#input, { ...this.#init, headers, signal: either }))
    this.#responses.add(response)
    if (this.#isOver) this.#discard(response)
    if (!this.#settings.isFailure(response.status)) return response
    readAhead(response)
    const retryAfter = response.headers.get('retry-after') ?? undefined
    const error = stackless(() => new RefusedResponse(this.#origin, response.status, retryAfter))
    this.#refused.set(error, response)
    throw error
  }

  /** The other responses are of no use any more. */
  #end<Winner extends Response | undefined>(winner: Winner): Winner {
    this.#isOver = true
    for (const other of this.#responses) if (other !== winner) this.#discard(other)
    return winner
  }

  #discard(response: Response): void {
    if (this.#responses.delete(response)) discard(response)
  }

  #isReplayable(): boolean {
    const { body } = this.#init
    if (body === undefined || body === null) return !(this.#input instanceof Request) || this.#input.body === null
    return (
      typeof body === 'string' ||
      body instanceof ArrayBuffer ||
      ArrayBuffer.isView(body) ||
      body instanceof URLSearchParams ||
      body instanceof Blob ||
      body instanceof FormData
    )
  }
}
