import { Type } from 'typebox'
import type { ServiceApp } from '../http/app.ts'
import { Behaviour, Misbehaviour } from './behaviour.ts'
import { LoggedRequest, RequestLog } from './request-log.ts'

/**
 * For the kitchen alone: `GET /test/requests` tells what arrived, `PUT /test/behaviour` makes the service fail above
 * TCP (a status, a Retry-After, a delay), `DELETE` of it ends that. Call before any route of guests is registered.
 * @param deadlineHeader see `RequestLog`
 * @returns forgets both; part of a reset
 */
export function serveRehearsal(app: ServiceApp, deadlineHeader?: string): () => void {
  const log = new RequestLog(app, deadlineHeader)
  const misbehaviour = new Misbehaviour(app)
  const tags = ['test']

  app.get(
    '/test/requests',
    { schema: { tags, response: { 200: Type.Object({ requests: Type.Array(LoggedRequest) }) } } },
    () => ({ requests: [...log.requests] }),
  )
  app.put(
    '/test/behaviour',
    { schema: { tags, body: Behaviour, response: { 204: Type.Null() } } },
    async (request, reply) => {
      misbehaviour.begin(request.body)
      return reply.code(204).send(null)
    },
  )
  app.delete('/test/behaviour', { schema: { tags, response: { 204: Type.Null() } } }, async (_request, reply) => {
    misbehaviour.end()
    return reply.code(204).send(null)
  })

  return () => {
    log.clear()
    misbehaviour.end()
  }
}
