import type { EvidenceSoFar, OrderOutcome, OrderUnderWay } from '../invariants/index.ts'
import type { RunEvent } from './events.ts'

/** What a run has told of itself so far. */
export interface Memory {
  observe(event: RunEvent): void
  recall(): Pick<EvidenceSoFar, 'orders' | 'underWay' | 'faults'>
}

/** @param startedOrder all that is known of an order when it starts */
export function rememberRun(
  startedOrder: (order: number) => Pick<OrderUnderWay, 'planned' | 'customerId' | 'idempotencyKey'>,
): Memory {
  const orders: OrderOutcome[] = []
  const underWay = new Map<number, OrderUnderWay>()
  const faults: EvidenceSoFar['faults'][number][] = []
  return {
    observe(event) {
      switch (event.type) {
        case 'order started':
          underWay.set(event.order, { ...startedOrder(event.order), traceId: event.traceId, startedAt: event.at })
          return
        case 'order ended':
          underWay.delete(event.outcome.planned.number)
          orders.push(event.outcome)
          return
        case 'fault started':
          faults.push({ fault: event.fault, from: event.at })
          return
        case 'fault ended': {
          const index = faults.findIndex(({ fault }) => fault === event.fault)
          const begun = faults[index]
          if (begun !== undefined) faults[index] = { ...begun, to: event.at }
        }
      }
    },
    recall: () => ({
      orders: orders.toSorted((a, b) => a.planned.number - b.planned.number),
      underWay: [...underWay.values()],
      faults: [...faults],
    }),
  }
}
