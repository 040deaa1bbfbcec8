import { type Static, Type } from 'typebox'
import type { ServiceApp } from '../http/app.ts'

export const LoggedRequest = Type.Object({
  method: Type.String(),
  path: Type.String(),
  /** Epoch milliseconds. */
  from: Type.Number(),
  /** When the reply was handed over, or the caller went away; absent while the request is being worked on. */
  to: Type.Optional(Type.Number()),
  /** Absent when the caller went away first. */
  status: Type.Optional(Type.Integer()),
  /** Of the caller's span, so that requests of one order can be told from another's. */
  traceId: Type.Optional(Type.String()),
  /** For how many more milliseconds the caller said that it waits. */
  deadline: Type.Optional(Type.Number()),
})
export type LoggedRequest = Static<typeof LoggedRequest>

/** Older requests are forgotten. */
const CAPACITY = 20_000
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/

/**
 * Which guests' requests arrived here, and when: what a battery counts, on every stage and without traces.
 * @param deadlineHeader by which callers tell for how many more milliseconds they wait; without it, that is not kept
 */
export class RequestLog {
  #requests: LoggedRequest[] = []

  constructor(app: ServiceApp, deadlineHeader?: string) {
    app.addHook('onRequest', (request, reply, done) => {
      const path = request.url.split('?', 1)[0] ?? request.url
      if (isGuest(path)) {
        const entry: LoggedRequest = { method: request.method, path, from: Date.now() }
        const traceId = TRACEPARENT.exec(String(request.headers.traceparent ?? ''))?.[1]
        if (traceId !== undefined) entry.traceId = traceId
        const deadline = Number((deadlineHeader && request.headers[deadlineHeader]) ?? Number.NaN)
        if (Number.isFinite(deadline)) entry.deadline = deadline
        this.#add(entry)
        reply.raw.once('close', () => {
          entry.to = Date.now()
          if (reply.raw.writableFinished) entry.status = reply.raw.statusCode
        })
      }
      done()
    })
  }

  get requests(): readonly LoggedRequest[] {
    return this.#requests
  }

  clear(): void {
    this.#requests = []
  }

  #add(entry: LoggedRequest): void {
    this.#requests.push(entry)
    if (this.#requests.length > CAPACITY * 2) this.#requests = this.#requests.slice(-CAPACITY)
  }
}

/** Health checks, documentation and the rehearsal itself are nobody's order. */
export function isGuest(path: string): boolean {
  return !/^\/(test|health|docs)(\/|$)/.test(path)
}
