import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'
import { reap } from './host/reap.ts'
import { lockHome } from './lock.ts'

const OCCUPIED_WITHIN = 10_000

/** Cleans up after a host that was killed; waits for one that just ends or cleans up by itself. */
export async function reapDead(home: Home): Promise<void> {
  if (!existsSync(home.folder)) return
  const deadline = Date.now() + OCCUPIED_WITHIN
  while (Date.now() < deadline) {
    const lock = lockHome(home.lockFile)
    if (lock !== undefined) {
      try {
        return await reap(home)
      } finally {
        lock.release()
      }
    }
    await sleep(50)
  }
}
