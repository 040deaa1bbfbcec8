import type { Battery } from '../batteries/index.ts'
import { type Fault, placeOf } from '../faults/fault.ts'

/** `--dry-run --json`: everything that the seed decides, and nothing that differs from run to run. */
export function scheduleToJson({ name, orders, arrivals }: Battery, seed: number, faults: readonly Fault[]) {
  return {
    battery: name,
    seed,
    dryRun: true,
    arrivals,
    orders: orders.map(({ number, customer, items, amountInCents, discountPercentage }) => ({
      ...{ number, customer, items, amount: amountInCents / 100, discountPercentage },
    })),
    faults: faults.map((fault) => ({
      ...{ id: fault.id, kind: fault.kind, target: placeOf(fault) },
      ...('toxic' in fault && { toxic: fault.toxic }),
      ...('behaviour' in fault && { behaviour: fault.behaviour }),
      ...{ from: fault.from, until: fault.until },
    })),
  }
}
