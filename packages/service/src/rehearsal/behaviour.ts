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
  },
  { additionalProperties: false },
)
export type Behaviour = Static<typeof Behaviour>

/** Applies the behaviour of just now to every guest's request. */
export class Misbehaviour {
  current: Behaviour | undefined

  constructor(app: ServiceApp) {
    app.addHook('onRequest', async (request) => {
      const behaviour = this.current
      if (behaviour === undefined || !isGuest(request.url) || !applies(behaviour, request)) return
      if (behaviour.delay !== undefined) await sleep(behaviour.delay)
      if (behaviour.status === undefined) return
      const { retryAfter } = behaviour
      throw new HttpProblem(behaviour.status, {
        detail: 'The kitchen rehearses an outage.',
        ...(retryAfter !== undefined && { retryAfter }),
      })
    })
  }
}

function applies({ path = '/', method }: Behaviour, request: { url: string; method: string }): boolean {
  return request.url.startsWith(path) && (method === undefined || method === request.method)
}
