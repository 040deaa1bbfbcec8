import { setTimeout as sleep } from 'node:timers/promises'
import { type Static, Type } from 'typebox'
import type { ServiceApp } from '../http/app.ts'
import { HttpProblem } from '../http/problem.ts'
import { isGuest } from './request-log.ts'

/** How a service misbehaves on purpose, above TCP: what no toxic on a connection can do. */
export const Behaviour = Type.Object(
  {
    /** Only requests whose path starts so; all of them otherwise. */
    path: Type.Optional(Type.String({ maxLength: 200 })),
    method: Type.Optional(Type.String({ maxLength: 10 })),
    /** Milliseconds before anything else happens. */
    delay: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
    /** Answers so instead of working. */
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    /** Milliseconds; becomes the Retry-After header, in whole seconds. */
    retryAfter: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
    /** Resets the connection instead of answering. */
    reset: Type.Optional(Type.Boolean()),
    /** Only the next so many requests; every one otherwise. */
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  { additionalProperties: false },
)
export type Behaviour = Static<typeof Behaviour>

/** Applies the behaviour of just now to every guest's request. */
export class Misbehaviour {
  #current: Behaviour | undefined
  #left = 0

  constructor(app: ServiceApp) {
    app.addHook('onRequest', async (request, reply) => {
      const behaviour = this.#current
      if (behaviour === undefined || !isGuest(request.url) || !applies(behaviour, request)) return
      if (this.#left-- <= 0) return
      if (behaviour.delay !== undefined) await sleep(behaviour.delay)
      if (behaviour.reset) {
        reply.hijack()
        request.raw.socket.resetAndDestroy()
      } else if (behaviour.status !== undefined) {
        const { status, retryAfter } = behaviour
        const detail = 'The kitchen rehearses an outage.'
        throw new HttpProblem(status, { detail, ...(retryAfter !== undefined && { retryAfter }) })
      }
    })
  }

  begin(behaviour: Behaviour): void {
    this.#current = behaviour
    this.#left = behaviour.times ?? Number.POSITIVE_INFINITY
  }

  end(): void {
    this.#current = undefined
  }
}

function applies({ path = '/', method }: Behaviour, request: { url: string; method: string }): boolean {
  return request.url.startsWith(path) && (method === undefined || method === request.method)
}
