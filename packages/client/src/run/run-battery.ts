import type { Stage } from '@chaos-kitchen/kitchen'
import type { Evidence, InvariantResult } from '../invariants/index.ts'
import { checkInvariant, collectEvidence } from './collect-evidence.ts'
import { followChecks } from './follow-checks.ts'
import { arrivalsOf } from './observe.ts'
import { placeOrders } from './place-orders.ts'
import { openRun, type Run } from './run.ts'
import type { RunOptions } from './run-options.ts'
import type { Verdict } from './verdict.ts'

const TRACE_PATIENCE = 5_000

/**
 * Runs a battery on a fresh restaurant: places its orders under its schedule of faults, lifts every fault, reads the
 * services past the proxies and checks the invariants. However it ends, no fault of it stays.
 *
 * @throws StageError when the stage cannot run; the signal's reason when aborted
 */
export async function runBattery(stage: Stage, options: RunOptions): Promise<Verdict> {
  await stage.reset()
  const run = openRun(stage, options)
  try {
    const checks = followChecks(run)
    try {
      await placeOrders(run)
    } finally {
      await checks.stop()
    }
    const evidence = await readEvidence(run)
    const invariants = await check(run, evidence)
    const ms = run.clock.now()
    await options.tracer.flush()
    const links = await run.traces.finish(TRACE_PATIENCE)
    const { battery, seed, orderService } = options
    const client = battery.client ?? options.client
    return {
      ...{ battery: battery.name, seed, stage: stage.kind, orderService, client: client.name },
      ...{ startedAt: run.clock.startedAt, ms, passed: invariants.every(({ passed }) => passed), invariants },
      faults: await run.faults.records(),
      orders: run.outcomes.map((outcome) => {
        const traceUrl = links.get(outcome.planned.number)
        return traceUrl === undefined ? outcome : { ...outcome, traceUrl }
      }),
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  } finally {
    await run.close()
  }
}

async function readEvidence(run: Run): Promise<Evidence> {
  const arrivals = () => arrivalsOf(run.direct, run.clock)
  const held = await collectEvidence(run.restaurant, run.outcomes, arrivals, run.signal)
  return { ...held, reads: run.reads?.results ?? [], faults: await run.faults.records() }
}

async function check(run: Run, evidence: Evidence): Promise<InvariantResult[]> {
  const results: InvariantResult[] = []
  for (const invariant of run.battery.invariants) {
    if (invariant.patience !== undefined) run.listener({ type: 'waiting', at: run.clock.now(), what: invariant.name })
    const result = await checkInvariant(invariant, evidence, () => readEvidence(run), run.signal)
    run.listener({ type: 'invariant', at: run.clock.now(), result })
    results.push(result)
  }
  return results
}
