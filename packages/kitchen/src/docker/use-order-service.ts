import { setTimeout as sleep } from 'node:timers/promises'
import { StageError } from '../stage.ts'
import type { RunningPorts } from './addresses.ts'
import { type Docker, readContainer, readContainers } from './containers.ts'
import { explainOrderEnd } from './ends.ts'
import { chooseImplementation, pathInContainer } from './order-implementation.ts'
import { probeOf } from './readiness.ts'

const READY_WITHIN = 60_000
/** A service that a file change stops need not finish its requests. */
const STOP_WITHIN_SECONDS = 1

/**
 * Restarts the order service's own container with another implementation, and waits until it serves. Its first end
 * before that is final: what a person has just changed is told at once.
 * @throws StageError when it cannot load the file, or ends; the reason of `given` when that aborts
 */
export async function replaceOrderService(
  docker: Docker,
  project: string,
  ports: RunningPorts,
  file: string,
  given: AbortSignal,
): Promise<void> {
  await pathInContainer(file)
  const order = (await readContainers(docker, project)).find(({ service }) => service === 'order')
  if (order === undefined) throw gone()
  const container = docker.getContainer(order.id)
  if (order.state === 'paused') await container.unpause()
  await container.stop({ t: STOP_WITHIN_SECONDS }).catch(unlessStopped)
  await chooseImplementation(docker, order.id, file)
  given.throwIfAborted()
  await container.start()
  const done = new AbortController()
  const within = AbortSignal.any([given, done.signal, AbortSignal.timeout(READY_WITHIN)])
  try {
    await Promise.race([probeOf('order', ports)?.(within), watchForEnd(docker, order.id, file, within)])
  } catch (error) {
    given.throwIfAborted()
    throw within.aborted && !(error instanceof StageError) ? notReady() : error
  } finally {
    done.abort()
  }
}

const LOOK_EVERY = 150

/** Never resolves. @throws StageError that explains the end of the order service */
async function watchForEnd(docker: Docker, id: string, file: string, signal: AbortSignal): Promise<never> {
  for (;;) {
    const order = await readContainer(docker, id)
    if (order === undefined) throw gone()
    if (order.state === 'stopped' || order.restarts > 0) {
      const why = await explainOrderEnd(docker, order, file)
      // Its restart policy would try in vain, again and again.
      await docker.getContainer(id).stop({ t: 0 }).catch(unlessStopped)
      throw why
    }
    await sleep(LOOK_EVERY, undefined, { signal })
  }
}

function unlessStopped(error: unknown): void {
  if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 304)) throw error
}

function gone(): StageError {
  return new StageError('stage-gone', {
    what: 'The restaurant has ended meanwhile.',
    meaning: 'Another command took its containers down.',
    remedy: ['pnpm workshop --docker    to start it again'],
  })
}

function notReady(): StageError {
  return new StageError('not-ready', {
    what: `The order service is not ready ${READY_WITHIN / 1_000} s after its start.`,
    meaning: 'It hangs while it starts, or the machine is very slow.',
    remedy: ['docker compose logs order    to see what it said'],
  })
}
