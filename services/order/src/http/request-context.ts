import { DEADLINE_HEADER, parseDeadline } from '@chaos-kitchen/resilience'
import { HttpProblem } from '@chaos-kitchen/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OrderContext } from '../define-order-service.ts'

/** 499, as nginx calls it. Nobody reads the reply; log and trace show it. */
export class CallerGoneError extends HttpProblem {
  override readonly name = 'CallerGoneError'

  constructor() {
    super(499, { title: 'Client Closed Request', detail: 'The caller went away before the reply.' })
  }
}

export class CallerDeadlineError extends HttpProblem {
  override readonly name = 'CallerDeadlineError'

  constructor() {
    super(504, { type: 'deadline-exceeded', detail: "The caller's deadline passed before the order was placed." })
  }
}

/** What an implementation is told about the caller. The signal aborts while somebody could still stop the work, only. */
export function requestContext(request: FastifyRequest, reply: FastifyReply): OrderContext {
  const controller = new AbortController()
  const deadline = parseDeadline(request.headers[DEADLINE_HEADER])
  const timer =
    deadline === undefined
      ? undefined
      : setTimeout(() => controller.abort(new CallerDeadlineError()), deadline - Date.now())
  reply.raw.once('close', () => {
    clearTimeout(timer)
    if (!reply.raw.writableFinished) controller.abort(new CallerGoneError())
  })
  return { signal: controller.signal, idempotencyKey: idempotencyKeyOf(request), deadline }
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? key : undefined
}
