import type { EvidenceSoFar, Finding, Measured } from '../invariants/index.ts'
import { pause } from './pause.ts'
import type { Run } from './run.ts'
import { watchServices } from './watch-services.ts'

const LOOK_EVERY = 100

/**
 * Tells where each check stands while the run goes on: what it has measured, and whether it is kept or not as soon as
 * nothing to come can change that.
 */
export function followChecks(run: Run): { stop(): Promise<void> } {
  const { battery, listener, clock, memory } = run
  const done = new AbortController()
  const stopped = AbortSignal.any([done.signal, run.signal])
  const open = new Map(
    battery.invariants.flatMap(({ name, early, reads = [] }) => (early ? [[name, { early, reads }]] : [])),
  )
  const services = watchServices(run, (what) => [...open.values()].some(({ reads }) => reads.includes(what)), stopped)
  let told = ''
  const following = follow()
  // Awaited when the run has ended.
  following.catch(() => undefined)

  async function follow(): Promise<void> {
    while (!stopped.aborted) {
      tell({
        now: clock.now(),
        planned: battery.orders,
        reads: run.reads?.results ?? [],
        ...memory.recall(),
        ...services.seen,
      })
      await pause(LOOK_EVERY, stopped)
    }
  }

  function tell(soFar: EvidenceSoFar): void {
    const checks: Record<string, Measured> = {}
    for (const [name, { early }] of [...open]) {
      const found = early(soFar)
      if (isOpen(found)) checks[name] = found
      else {
        open.delete(name)
        listener({ type: 'invariant', at: soFar.now, result: { name, ...found }, early: true })
      }
    }
    const text = JSON.stringify(checks)
    if (text === told) return
    told = text
    listener({ type: 'measured', at: soFar.now, checks })
  }

  return {
    async stop() {
      done.abort()
      await Promise.all([following, services.settled()])
    },
  }
}

function isOpen(found: Finding | Measured): found is Measured {
  return 'open' in found
}
