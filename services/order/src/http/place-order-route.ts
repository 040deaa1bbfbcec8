import { ResilienceError } from '@chaos-kitchen/resilience'
import { ProblemDocument, type ServiceApp } from '@chaos-kitchen/service'
import type { CallOptions, OrderReply, OrderService } from '../define-order-service.ts'
import { admissionProblem } from './problems.ts'
import { requestContext } from './request-context.ts'
import { PlacedOrder, PlaceOrderBody, PlaceOrderHeaders } from './schemas.ts'

/** @param current the implementation of just now; a reset replaces it */
export function servePlaceOrder(app: ServiceApp, current: () => OrderService): void {
  app.post(
    '/orders',
    {
      schema: {
        tags: ['orders'],
        headers: PlaceOrderHeaders,
        body: PlaceOrderBody,
        response: {
          201: PlacedOrder,
          400: ProblemDocument,
          422: ProblemDocument,
          429: ProblemDocument,
          502: ProblemDocument,
          503: ProblemDocument,
          504: ProblemDocument,
        },
      },
    },
    async (request, reply) => {
      const service = current()
      const context = requestContext(request, reply)
      const placed = await admit(service, context, (signal) =>
        service.placeOrder(request.body, { ...context, signal: signal ?? context.signal }),
      )
      return reply.code(201).header('location', `/orders/${placed.orderId}`).send(placed)
    },
  )
}

/** Through the implementation's inbound limits, where it has some. */
async function admit(
  { admission }: OrderService,
  options: CallOptions,
  work: (signal?: AbortSignal) => Promise<OrderReply>,
): Promise<OrderReply> {
  if (!admission) return work()
  let admitted = false
  try {
    return await admission.execute(
      ({ signal }) => {
        admitted = true
        return work(signal)
      },
      { signal: options.signal, deadline: options.deadline },
    )
  } catch (error) {
    if (!admitted && error instanceof ResilienceError) throw admissionProblem(error)
    throw error
  }
}
