import { DEADLINE_HEADER, formatDeadline, parseRetryAfter } from '@chaos-kitchen/resilience'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Agent, type Dispatcher } from 'undici'
import type { CallOptions } from '../define-order-service.ts'
import { DownstreamError } from '../errors.ts'

const LARGEST_REPLY = 1_048_576

/**
 * Kept-alive connections, and nothing else: no retry, no timeout, no limit. How long to wait, how often to try and how
 * much at once is what implementations decide; undici's own 300 s for headers and body would only blur that.
 */
export function createConnections(): Agent {
  return new Agent({ connectTimeout: 0, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: LARGEST_REPLY })
}

export class HttpClient {
  readonly #service: string
  readonly #base: string
  readonly #connections: Dispatcher

  constructor(service: string, base: string, connections: Dispatcher) {
    this.#service = service
    this.#base = base
    this.#connections = connections
  }

  /** @throws DownstreamError for anything but a 2xx with a body of the schema; the signal's reason when it aborts */
  async request<Schema extends TSchema>(
    method: 'GET' | 'PUT',
    path: string,
    schema: Schema,
    options: CallOptions = {},
  ): Promise<Static<Schema>> {
    const { status, headers, text } = await this.#send(method, path, options)
    if (status >= 300)
      throw new DownstreamError(this.#service, `answered ${status} to ${method} ${path}`, {
        status,
        retryAfter: retryAfterOf(headers['retry-after']),
      })
    const body = parseJson(text)
    if (!Value.Check(schema, body))
      throw new DownstreamError(this.#service, `sent an unexpected body to ${method} ${path}`, { status })
    return body
  }

  async #send(method: 'GET' | 'PUT', path: string, { signal, deadline }: CallOptions) {
    try {
      const reply = await this.#connections.request({
        origin: this.#base,
        path,
        method,
        headers: {
          accept: 'application/json',
          ...(deadline !== undefined && { [DEADLINE_HEADER]: formatDeadline(deadline) }),
        },
        ...(signal && { signal }),
      })
      return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      const why = error instanceof Error ? error.message || error.name : String(error)
      throw new DownstreamError(this.#service, `did not answer ${method} ${path}: ${why}`, {}, { cause: error })
    }
  }
}

/** A reply without a body: what is there is not looked at. */
export const NoBody = Type.Unknown()

/** Milliseconds; undefined without a header that makes sense. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' ? parseRetryAfter(header, Date.now()) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
