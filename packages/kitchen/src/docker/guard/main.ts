import { setTimeout as sleep } from 'node:timers/promises'
import { findEngine } from '@chaos-kitchen/disruptor/containers'
import { lockHome } from '../../embedded/lock.ts'
import { readContainers } from '../containers.ts'
import { takeDown } from '../take-down.ts'
import type { Guarded } from './guard.ts'

/**
 * Outlives the command that started a restaurant by a moment: when the channel to it closes without a word before, it
 * was killed, and its containers go. Argument: what to guard, as JSON.
 */
process.once('message', () => process.exit())
process.once('disconnect', () => void endAll())

/** Its Compose may be making containers still; it has ended, or made all of them, by then. */
const LOOK_AGAIN = { every: 1_500, times: 15, quiet: 3 }

async function endAll(): Promise<void> {
  const { project, lockFile }: Guarded = JSON.parse(process.argv[2] ?? '{}')
  const lock = lockHome(lockFile)
  // Another command has found the restaurant just now, and goes on with it.
  if (lock === undefined) return
  const { docker } = await findEngine()
  for (let look = 0, quiet = 0; look < LOOK_AGAIN.times && quiet < LOOK_AGAIN.quiet; look++) {
    const left = await readContainers(docker, project)
    quiet = left.length === 0 ? quiet + 1 : 0
    await takeDown(docker, project, { volumes: false })
    if (quiet < LOOK_AGAIN.quiet) await sleep(LOOK_AGAIN.every)
  }
  lock.release()
}
