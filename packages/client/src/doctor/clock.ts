import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from './check.ts'

const MEASURED = 200
const TOLERATED = 100

/** A wall clock that jumps or timers that come late (a starved virtual machine) bend every timeline. */
export const clock: Check = {
  name: 'clock',
  async run() {
    const wall = Date.now()
    const steady = performance.now()
    await sleep(MEASURED)
    const elapsed = performance.now() - steady
    const jump = Math.abs(Date.now() - wall - elapsed)
    const late = elapsed - MEASURED
    if (jump > TOLERATED)
      return {
        ok: false,
        found: `jumped by ${Math.round(jump)} ms`,
        remedy: ['Let the system keep its own time, then try again.'],
      }
    return {
      ok: late <= TOLERATED,
      found: `timers ${Math.max(0, Math.round(late))} ms late`,
      ...(late > TOLERATED && { remedy: ['The machine is very busy: see "top" for what takes its time.'] }),
    }
  },
}
