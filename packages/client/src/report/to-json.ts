import { describeEffect, describePlace } from '../faults/describe.ts'
import { placeOf } from '../faults/fault.ts'
import type { FaultRecord, TracedOrder, Verdict } from '../run/verdict.ts'

/** What `--json` prints and report.json keeps: stable names, whole ids, money with two decimals, times in milliseconds. */
export function verdictToJson(verdict: Verdict) {
  const { battery, seed, stage, passed, orderService, client, startedAt, ms, invariants } = verdict
  return {
    ...{ battery, seed, stage, passed, orderService, client },
    ...{ startedAt: startedAt.toISOString(), ms: Math.round(ms) },
    orders: verdict.orders.map(orderToJson),
    invariants: invariants.map(({ name, passed, measured, limit, unit, shown, shownLimit, why, order }) => ({
      ...{ name, passed, measured, limit, unit, why: why ?? null },
      ...(shown !== undefined && { shown }),
      ...(shownLimit !== undefined && { shownLimit }),
      ...(order !== undefined && { order }),
    })),
    faults: verdict.faults.map(faultToJson),
  }
}

export type VerdictJson = ReturnType<typeof verdictToJson>

function orderToJson({ planned, reply, traceId, traceUrl, attempts, ms, startedAt, gaveUp, ...ids }: TracedOrder) {
  return {
    number: planned.number,
    orderId: reply?.orderId ?? null,
    traceId,
    traceUrl: traceUrl ?? null,
    customerId: ids.customerId,
    idempotencyKey: ids.idempotencyKey,
    placed: reply !== undefined,
    amount: reply === undefined ? null : reply.amountInCents / 100,
    discountPercentage: reply?.discountPercentage ?? null,
    degraded: reply?.degraded ?? false,
    expected: { amount: planned.amountInCents / 100, discountPercentage: planned.discountPercentage },
    startedAt: Math.round(startedAt),
    ms: Math.round(ms),
    attempts: attempts.length,
    attemptsInDetail: attempts.map((attempt) => ({
      ...attempt,
      startedAt: Math.round(attempt.startedAt),
      ms: Math.round(attempt.ms),
    })),
    ...(gaveUp !== undefined && { gaveUp }),
  }
}

function faultToJson({ fault, from, to, recoveryMs }: FaultRecord) {
  return {
    ...{ id: fault.id, kind: fault.kind, target: placeOf(fault), from: Math.round(from), to: Math.round(to) },
    label: `${describePlace(fault)}: ${describeEffect(fault)}`,
    ...('toxic' in fault && { toxic: fault.toxic }),
    ...('behaviour' in fault && { behaviour: fault.behaviour }),
    ...(recoveryMs !== undefined && { recoveryMs: Math.round(recoveryMs) }),
    plan: { from: fault.from, until: fault.until },
  }
}
