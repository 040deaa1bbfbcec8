import { subscribe } from 'node:diagnostics_channel'
import { type Attributes, type Span, trace } from '@opentelemetry/api'
import type { UndiciRequest } from '@opentelemetry/instrumentation-undici'

/** What an attempt belongs to: the failures so far of one method and URL under one parent span. */
interface Call {
  failures: number
}

/**
 * Finds out which request is a retry, whatever retries it: the same method and URL, under the same parent span, after
 * one that failed, is a resend. Gives it `http.request.resend_count`, as the semantic conventions ask of a client that
 * retries.
 */
export class ResendCounter {
  readonly #calls = new WeakMap<Span, Map<string, Call>>()
  readonly #requests = new WeakMap<UndiciRequest, { span: Span; call: Call | undefined }>()

  /** To be called before the undici instrumentation starts, which ends the span of a failed request at once. */
  start(): void {
    subscribe('undici:request:error', (message) => {
      if (isFailure(message)) this.#failed(message.request, message.error)
    })
  }

  attributesOf(request: UndiciRequest): Attributes {
    const failures = this.#callOf(request)?.failures ?? 0
    return failures > 0 ? { 'http.request.resend_count': failures } : {}
  }

  sent(span: Span, request: UndiciRequest): void {
    this.#requests.set(request, { span, call: this.#callOf(request) })
  }

  answered(request: UndiciRequest, statusCode: number): void {
    const call = this.#requests.get(request)?.call
    if (call && statusCode >= 400) call.failures++
  }

  #failed(request: UndiciRequest, error: Error): void {
    const sent = this.#requests.get(request)
    if (sent?.call) sent.call.failures++
    // The instrumentation ends a cancelled request's span without a word.
    if (error.name === 'AbortError') sent?.span.setAttribute('error.type', 'AbortError')
  }

  #callOf(request: UndiciRequest): Call | undefined {
    const parent = trace.getActiveSpan()
    if (!parent) return undefined
    const calls = this.#calls.get(parent) ?? new Map<string, Call>()
    this.#calls.set(parent, calls)
    const key = `${request.method} ${request.origin}${request.path}`
    const call = calls.get(key) ?? { failures: 0 }
    calls.set(key, call)
    return call
  }
}

function isFailure(message: unknown): message is { request: UndiciRequest; error: Error } {
  return typeof message === 'object' && message !== null && 'request' in message && 'error' in message
}
