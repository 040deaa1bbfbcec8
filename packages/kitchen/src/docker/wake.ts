import { type Ledger, stillRuns } from '@chaos-kitchen/disruptor'
import { composeFailure } from './compose-failure.ts'
import { type Docker, readContainers } from './containers.ts'

/** Targets that a disruptor which still runs holds down just now; they are its own to bring back. */
export async function heldTargets(ledger: Ledger): Promise<Set<string>> {
  const held = new Set<string>()
  for (const { kind, target, writer } of await ledger.open())
    if (kind !== 'toxic' && (await stillRuns(writer))) held.add(target)
  return held
}

/**
 * Lets every container of a project run again that somebody froze or stopped, except those that are held.
 * @throws StageError when one cannot start
 */
export async function wake(docker: Docker, project: string, held: ReadonlySet<string>): Promise<void> {
  const containers = (await readContainers(docker, project)).filter(({ service }) => !held.has(service))
  await Promise.all(
    containers.map(async ({ id, state }) => {
      const container = docker.getContainer(id)
      try {
        if (state === 'paused') await container.unpause()
        if (state === 'stopped') await container.start()
      } catch (error) {
        if (error instanceof Error && 'statusCode' in error && error.statusCode === 304) return
        throw composeFailure(error instanceof Error ? error.message : String(error))
      }
    }),
  )
}
