import { setTimeout as sleep } from 'node:timers/promises'
import { HOST } from '../embedded/layout.ts'
import { answers } from '../embedded/parts/answers.ts'
import { postgresReady } from '../embedded/postgres/server.ts'
import { StageError } from '../stage.ts'
import { SERVICES } from '../topology.ts'
import type { RunningPorts } from './addresses.ts'
import { readLog } from './container-log.ts'
import { type Container, type Docker, readContainers } from './containers.ts'
import { DATABASE_PASSWORD } from './layout.ts'
import { MISTAKE, mistakeIn } from './order-implementation.ts'

const GIVE_UP_AFTER_RESTARTS = 3
const LOOK_EVERY = 300

/** Whether a part serves, found out by using it; faster than Docker's health checks, which look every other second. */
export function probeOf(service: string, ports: RunningPorts): ((signal: AbortSignal) => Promise<void>) | undefined {
  const name = SERVICES.find((each) => each === service)
  if (name !== undefined) return (signal) => answers(`http://${HOST}:${ports[name]}/health/ready`, signal)
  if (service === 'postgres')
    return (signal) => postgresReady({ port: ports.postgres, password: DATABASE_PASSWORD }, signal)
  if (service === 'toxiproxy') return (signal) => answers(`http://${HOST}:${ports.proxy}/version`, signal)
  if (service === 'collector') return (signal) => answers(`http://${HOST}:${ports.collector}/health/ready`, signal)
  return undefined
}

/** Waits for Docker's health check of a service. */
export async function healthy(docker: Docker, project: string, service: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const found = (await readContainers(docker, project)).find((container) => container.service === service)
    if (found?.state === 'running' && (found.health === 'healthy' || found.health === 'none')) return
    await sleep(LOOK_EVERY, undefined, { signal })
  }
}

/**
 * Never resolves. What nobody waits for may fail.
 * @throws StageError as soon as an awaited container has ended for good, or for a mistake that no restart mends
 */
export async function watchForFailure(
  docker: Docker,
  project: string,
  awaited: readonly string[],
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    for (const container of await readContainers(docker, project)) {
      if (!awaited.includes(container.service)) continue
      const failure = await failureOf(docker, container)
      if (failure !== undefined) throw failure
    }
    await sleep(LOOK_EVERY, undefined, { signal })
  }
}

/** Why a container does not run; undefined for one that does, or may still. */
export async function failureOf(docker: Docker, container: Container): Promise<StageError | undefined> {
  const { id, service, state, exitCode, restarts, outOfMemory } = container
  if (state !== 'stopped') return undefined
  if (service === 'order' && exitCode === MISTAKE) {
    const mistake = await mistakeIn(docker, id)
    // Its restart policy would try in vain, again and again.
    await docker
      .getContainer(id)
      .stop({ t: 0 })
      .catch(() => undefined)
    return mistake
  }
  if (outOfMemory)
    return new StageError('out-of-memory', {
      what: `${service} needed more memory than its limit in compose.yaml.`,
      meaning: 'The engine killed it.',
      remedy: ['docker stats    to see what takes how much'],
    })
  if (restarts < GIVE_UP_AFTER_RESTARTS) return undefined
  const last = (await readLog(docker, id, 1)).at(-1) ?? 'it printed nothing'
  return new StageError('container-crashed', {
    what: `${service} ended ${restarts} times while it started (exit code ${exitCode}).`,
    meaning: `Its last line: ${last.slice(0, 300)}`,
    remedy: [
      `docker compose logs ${service}    to see all that it said`,
      // pnpm links packages by junctions there, which a Linux container cannot follow.
      ...(process.platform === 'win32' ? ['Clone and install inside WSL, and run the workshop there.'] : []),
    ],
  })
}
