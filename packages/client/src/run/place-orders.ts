import type { Arrivals, PlannedOrder } from '../batteries/index.ts'
import { loyaltyHasHeard } from './calm.ts'
import { pause } from './pause.ts'
import { placeOrder } from './place-order.ts'
import type { Run } from './run.ts'

/** Places the orders of a battery as they arrive, and resolves once all have ended and every fault is over. */
export async function placeOrders(run: Run): Promise<void> {
  const { battery, faults, signal } = run
  faults.begin()
  await arrive(run, battery.arrivals)
  signal.throwIfAborted()
  await faults.calm()
  await run.reads?.stop()
  signal.throwIfAborted()
  run.outcomes.sort((a, b) => a.planned.number - b.planned.number)
}

function arrive(run: Run, arrivals: Arrivals): Promise<void> {
  if (arrivals.kind === 'in turn') return inTurn(run)
  if (arrivals.kind === 'timed') return atTimes(run, ({ at = 0 }) => at)
  return atTimes(run, ({ number }) => ((number - 1) * 1_000) / arrivals.perSecond)
}

async function inTurn(run: Run): Promise<void> {
  for (const turn of turnsOf(run.battery.orders)) {
    await run.faults.calm()
    run.signal.throwIfAborted()
    for (const customer of new Set(turn.map((planned) => planned.customer))) {
      const earlier = run.outcomes.filter((outcome) => outcome.planned.customer === customer)
      await loyaltyHasHeard(run.restaurant, earlier, run.signal)
    }
    // All faults of the turn are in place before the first of its orders leaves.
    await Promise.all(turn.map(({ number }) => run.faults.orderStarts(number)))
    await Promise.all(turn.map((planned) => placeLater(run, planned)))
  }
}

function turnsOf(orders: readonly PlannedOrder[]): PlannedOrder[][] {
  const turns: PlannedOrder[][] = []
  for (const order of orders) {
    const last = turns.at(-1)
    if (order.together && last !== undefined) last.push(order)
    else turns.push([order])
  }
  return turns
}

async function atTimes(run: Run, timeOf: (planned: PlannedOrder) => number): Promise<void> {
  const onTime = async (planned: PlannedOrder): Promise<void> => {
    await pause(timeOf(planned), run.signal)
    if (run.signal.aborted) return
    await run.faults.orderStarts(planned.number)
    await place(run, planned)
  }
  await Promise.all(run.battery.orders.map(onTime))
}

/** So long after its turn began as the plan says. */
async function placeLater(run: Run, planned: PlannedOrder): Promise<void> {
  const { at = 0 } = planned
  if (at > 0) await pause(at, run.signal)
  await place(run, planned)
}

async function place(run: Run, planned: PlannedOrder): Promise<void> {
  run.signal.throwIfAborted()
  const outcome = await placeOrder(planned, run.identityOf(planned.number), run.world)
  run.outcomes.push(outcome)
  run.traces.lookFor(planned.number, outcome.traceId)
  await run.faults.orderEnded(planned.number)
}
