import type { ServiceName } from '../../faults/outage-effect.ts'
import type { Arrival, Evidence, OrderOutcome } from '../../invariants/index.ts'

/** The requests that were made for this order at that service, in the order of their arrival. */
export function callsOf(
  { traceId }: Pick<OrderOutcome, 'traceId'>,
  service: ServiceName,
  { arrivals }: Pick<Evidence, 'arrivals'>,
): Arrival[] {
  return arrivals[service].filter((arrival) => arrival.traceId === traceId)
}

/** How often the same thing was asked for, at most. */
export function mostRepeated(calls: readonly Arrival[]): number {
  const counts = new Map<string, number>()
  for (const { method, path } of calls) {
    const call = `${method} ${path}`
    counts.set(call, (counts.get(call) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}
