import { DEADLINE_HEADER } from '@chaos-kitchen/resilience'
import type { ClientTracer } from '@chaos-kitchen/telemetry'
import type { Dispatcher } from 'undici'
import type { PlannedOrder } from '../batteries/index.ts'
import type { Attempt, OrderOutcome } from '../invariants/index.ts'
import { type AttemptResult, attemptOrder } from './attempt.ts'
import type { ClientProfile } from './client-profile.ts'
import type { RunClock } from './clock.ts'
import type { Listener } from './events.ts'
import { type Persistence, persistenceOf } from './persistence.ts'

/** What every order of a run shares. */
export interface OrderWorld {
  /** The order service through its proxy. */
  readonly url: string
  readonly client: ClientProfile
  readonly persistence: Persistence
  readonly dispatcher: Dispatcher
  readonly tracer: ClientTracer
  readonly clock: RunClock
  readonly listener: Listener
  /** Told between attempts, so that faults which an attempt ends are over before the next one. */
  readonly attemptEnded: (order: number, attempts: number) => Promise<void>
  /** Aborts when the run ends. */
  readonly signal: AbortSignal
}

export interface OrderIdentity {
  readonly customerId: string
  readonly idempotencyKey: string
}

/** Places one order: one key, one trace, as many attempts as its client is willing to make. */
export async function placeOrder(
  planned: PlannedOrder,
  identity: OrderIdentity,
  world: OrderWorld,
): Promise<OrderOutcome> {
  const { clock, listener, signal } = world
  const { guest } = planned
  const client = { ...world.client, ...guest }
  const persistence = guest === undefined ? world.persistence : persistenceOf(client)
  const order = planned.number
  const startedAt = clock.now()
  const trace = world.tracer.start('place order', { 'order.number': order, 'customer.id': identity.customerId })
  const attempts: Attempt[] = []
  listener({ type: 'order started', at: startedAt, order, traceId: trace.traceId })

  const result = await persistence.keepAsking(async (number) => {
    const began = clock.now()
    const span = trace.attempt('POST /orders', number, callOf(world.url))
    listener({ type: 'attempt started', at: began, order, attempt: number })
    const outcome = await attemptOrder({
      url: world.url,
      headers: {
        traceparent: span.traceparent,
        ...(guest?.tellsDeadline !== false && { [DEADLINE_HEADER]: String(client.attemptTimeout) }),
        'idempotency-key': identity.idempotencyKey,
      },
      body: { customerId: identity.customerId, items: planned.items },
      dispatcher: world.dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(client.attemptTimeout)]),
    })
    if (outcome.status !== undefined) span.set({ 'http.response.status_code': outcome.status })
    span.end(failureOf(outcome))
    const attempt = { number, startedAt: began, ms: clock.now() - began, ...pick(outcome) }
    attempts.push(attempt)
    if (outcome.failure !== undefined) listener({ type: 'attempt failed', at: clock.now(), order, attempt })
    await world.attemptEnded(order, number)
    return outcome
  }, signal)

  const gaveUp = result.reply === undefined ? { gaveUp: result.failure ?? 'no reply' } : { reply: result.reply }
  trace.end(result.reply === undefined ? failureOf({ failure: 'no reply', ...result }) : undefined)
  const outcome = {
    ...{ planned, ...identity, traceId: trace.traceId, startedAt, ms: clock.now() - startedAt, attempts },
    ...gaveUp,
  }
  listener({ type: 'order ended', at: clock.now(), outcome })
  return outcome
}

/** What OpenTelemetry wants to know of an HTTP call before it is made. */
function callOf(url: string) {
  const { hostname, port } = new URL(url)
  const to = { 'server.address': hostname, 'server.port': Number(port) }
  return { 'http.request.method': 'POST', 'url.full': `${url}/orders`, ...to }
}

function pick({ status, failure, retryAfter }: AttemptResult) {
  return {
    ...(status !== undefined && { status }),
    ...(failure !== undefined && { failure }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** As the span of a call tells it: in words, and by the type that dashboards count. */
function failureOf({ failure, errorType }: Pick<AttemptResult, 'failure' | 'errorType'>): Error | undefined {
  return failure === undefined ? undefined : Object.assign(new Error(failure), { code: errorType })
}
