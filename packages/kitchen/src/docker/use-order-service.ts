import { StageError } from '../stage.ts'
import type { RunningPorts } from './addresses.ts'
import { type Docker, readContainers } from './containers.ts'
import { chooseImplementation, pathInContainer } from './order-implementation.ts'
import { probeOf, watchForFailure } from './readiness.ts'

const READY_WITHIN = 60_000
/** A service that a file change stops need not finish its requests. */
const STOP_WITHIN_SECONDS = 1

/**
 * Restarts the order service's own container with another implementation, and waits until it serves.
 * @throws StageError when it cannot load the file
 */
export async function replaceOrderService(
  docker: Docker,
  project: string,
  ports: RunningPorts,
  file: string,
): Promise<void> {
  await pathInContainer(file)
  const order = (await readContainers(docker, project)).find(({ service }) => service === 'order')
  if (order === undefined) throw gone()
  const container = docker.getContainer(order.id)
  if (order.state === 'paused') await container.unpause()
  await container.stop({ t: STOP_WITHIN_SECONDS }).catch(unlessStopped)
  await chooseImplementation(docker, order.id, file)
  await container.start()
  const done = new AbortController()
  const within = AbortSignal.any([done.signal, AbortSignal.timeout(READY_WITHIN)])
  try {
    await Promise.race([probeOf('order', ports)?.(within), watchForFailure(docker, project, within)])
  } catch (error) {
    throw within.aborted && !(error instanceof StageError) ? notReady() : error
  } finally {
    done.abort()
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
