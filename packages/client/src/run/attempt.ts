import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Dispatcher, request } from 'undici'
import type { OrderReply } from '../invariants/index.ts'

/** What came of one `POST /orders`. */
export interface AttemptResult {
  /** Only after a success. */
  readonly reply?: OrderReply
  readonly status?: number
  /** In a few words, where no success came. */
  readonly failure?: string
  /** The same for machines, as OpenTelemetry's `error.type`: the status, a code of Node or undici, or an error's name. */
  readonly errorType?: string
  /** Whether asking again makes sense. */
  readonly retryable: boolean
  /** What the service asked for, in milliseconds. */
  readonly retryAfter?: number
}

export interface OrderCall {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: { customerId: string; items: readonly { id: string; quantity: number }[] }
  readonly dispatcher: Dispatcher
  /** Aborts when the attempt has taken too long, or the run ends. */
  readonly signal: AbortSignal
}

const Reply = Type.Object({
  orderId: Type.String({ minLength: 1 }),
  amount: Type.Number(),
  discountPercentage: Type.Number(),
  degraded: Type.Optional(Type.Boolean()),
})

/** Never rejects: whatever happens is a result. */
export async function attemptOrder({ url, headers, body, dispatcher, signal }: OrderCall): Promise<AttemptResult> {
  try {
    const response = await request(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      dispatcher,
      signal,
    })
    const text = await response.body.text()
    return response.statusCode === 201 ? success(text) : refusal(response.statusCode, response.headers['retry-after'])
  } catch (error) {
    return { failure: inWords(error, signal), errorType: typeOf(error, signal), retryable: true }
  }
}

function success(text: string): AttemptResult {
  try {
    const { amount, degraded = false, ...reply } = Value.Parse(Reply, JSON.parse(text))
    return { status: 201, retryable: false, reply: { ...reply, degraded, amountInCents: Math.round(amount * 100) } }
  } catch {
    return {
      status: 201,
      failure: 'answered 201 with a body that is no order',
      errorType: 'InvalidReply',
      retryable: false,
    }
  }
}

const WORTH_A_RETRY = new Set([408, 409, 425, 429])

function refusal(status: number, retryAfter: string | string[] | undefined): AttemptResult {
  const wait = Number(retryAfter) * 1_000
  return {
    status,
    failure: `answered ${status}`,
    errorType: String(status),
    retryable: status >= 500 || WORTH_A_RETRY.has(status),
    ...(wait > 0 && { retryAfter: wait }),
  }
}

const CODES: Record<string, string> = {
  UND_ERR_SOCKET: 'lost: the connection closed without a reply',
  ECONNRESET: 'lost: the connection was reset',
  EPIPE: 'lost: the connection closed while sending',
  ECONNREFUSED: 'refused: nothing listens there',
  UND_ERR_CONNECT_TIMEOUT: 'timed out while connecting',
}

function inWords(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'timed out'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return CODES[code] ?? (error instanceof Error ? error.message : String(error))
}

function typeOf(error: unknown, { aborted, reason }: AbortSignal): string {
  // Whoever ends a run gives a reason of their own; a limit has the name that everybody knows.
  if (aborted) return reason instanceof DOMException ? reason.name : 'AbortError'
  if (!(error instanceof Error)) return '_OTHER'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
