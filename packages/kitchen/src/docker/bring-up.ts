import type { Server } from 'node:http'
import { STARTING_SERVICE } from '../embedded/home.ts'
import { Progress } from '../embedded/host/progress.ts'
import { StageError, type UpOptions } from '../stage.ts'
import type { RunningPorts } from './addresses.ts'
import { Compose } from './compose.ts'
import { type Container, type Docker, publishedPorts, readContainers } from './containers.ts'
import { pullMissing } from './images.ts'
import { chooseImplementation } from './order-implementation.ts'
import { healthy, probeOf, watchForFailure } from './readiness.ts'
import { planSettings, standingVariables } from './settings.ts'

export interface Place {
  docker: Docker
  endpoint: string
  project: string
  reservation: Server
  /** Services that another command holds down just now; nobody waits for them. */
  held: ReadonlySet<string>
}

export interface BroughtUp {
  ports: RunningPorts
  /** True when the containers were there before. */
  adopted: boolean
}

/** Grafana's image takes its time, the first one of all on a slow machine. */
const READY_WITHIN = 240_000
const ATTEMPTS_FOR_PORTS = 3

/**
 * Makes and starts what is missing or was defined differently, and waits until all of it serves.
 * @throws StageError for each way in which that fails; the reason of `signal` when that aborts
 */
export async function bringUp(place: Place, options: UpOptions, environment: NodeJS.ProcessEnv): Promise<BroughtUp> {
  const signal = AbortSignal.any([options.signal ?? new AbortController().signal])
  const progress = new Progress(options.onProgress ?? (() => undefined))
  try {
    const { docker, project } = place
    const containers = await readContainers(docker, project)
    const compose = await Compose.find(place.endpoint, project, environment)
    const standing = standingVariables(containers)
    const { services } = await compose.config(standing)
    if (!('grafana' in services || 'collector' in services)) throw noCollector()
    await pullMissing(
      docker,
      Object.values(services).map(({ image }) => image),
      progress,
      signal,
    )
    const adopted = containers.some(({ service }) => service === 'order')
    // The exporter only reads, so nobody waits for it; nor for an order service that gets another implementation yet.
    const skipped = ['postgres-exporter', ...place.held, ...(adopted && options.orderService ? ['order'] : [])]
    const names = Object.keys(services)
    const awaited = names.filter((name) => !skipped.includes(name))
    const task = { place, options, compose, standing, names, awaited, progress, signal }
    // A port that was free a moment ago may be taken now: others are tried.
    for (let attempt = 1; ; attempt++) {
      try {
        return { ports: await start(task, adopted ? containers : []), adopted }
      } catch (error) {
        const again = error instanceof StageError && error.code === 'port-taken' && attempt < ATTEMPTS_FOR_PORTS
        if (adopted || !again) throw error
      }
    }
  } finally {
    progress.end()
  }
}

interface Task {
  place: Place
  options: UpOptions
  compose: Compose
  standing: Record<string, string>
  names: string[]
  awaited: string[]
  progress: Progress
  signal: AbortSignal
}

async function start(task: Task, containers: readonly Container[]): Promise<RunningPorts> {
  const { place, options, compose, standing, names, progress, signal } = task
  const { docker, project } = place
  const { variables, notes } = await planSettings(containers, names, options.portBase, place.reservation)
  for (const note of notes) progress.note(note)
  const settings = { ...standing, ...variables }
  if (!(await areCurrent(containers, await compose.hashes(settings)))) {
    const { orderService } = options
    const other = containers.length === 0 && orderService !== undefined && orderService !== STARTING_SERVICE
    await progress.track('containers', create(task, settings, other ? orderService : undefined))
  }
  const ports = publishedPorts(await readContainers(docker, project))
  if (!isComplete(ports)) throw incomplete()
  await ready(task, ports, signal)
  return ports
}

/** @param orderService written into its container before that starts */
async function create({ place, compose, signal }: Task, settings: Record<string, string>, orderService?: string) {
  const { docker, project } = place
  const common = ['--detach', '--pull', 'never', '--no-build', '--remove-orphans']
  if (orderService !== undefined) {
    await compose.run(['up', '--no-start', '--pull', 'never', '--no-build'], settings, signal)
    const order = (await readContainers(docker, project)).find(({ service }) => service === 'order')
    if (order !== undefined) await chooseImplementation(docker, order.id, orderService)
  }
  await compose.run(['up', ...common], settings, signal)
}

/** Everything is there, and made from the definitions of today. */
async function areCurrent(containers: readonly Container[], hashes: ReadonlyMap<string, string>): Promise<boolean> {
  return [...hashes].every(([name, hash]) =>
    containers.some(({ service, configHash }) => service === name && configHash === hash),
  )
}

async function ready({ place, awaited, progress }: Task, ports: RunningPorts, signal: AbortSignal): Promise<void> {
  const { docker, project } = place
  const done = new AbortController()
  const within = AbortSignal.any([signal, done.signal, AbortSignal.timeout(READY_WITHIN)])
  const waiting = awaited.map((name) =>
    progress.track(name, probeOf(name, ports)?.(within) ?? healthy(docker, project, name, within)),
  )
  try {
    await Promise.race([Promise.all(waiting), watchForFailure(docker, project, awaited, within)])
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof StageError || !within.aborted ? error : notReady(progress)
  } finally {
    done.abort()
    await Promise.allSettled(waiting)
  }
}

function isComplete(ports: ReturnType<typeof publishedPorts>): ports is RunningPorts {
  return (['collector', 'proxy', 'client-order', 'order', 'menu', 'loyalty', 'postgres'] as const).every(
    (name) => ports[name] !== undefined,
  )
}

function incomplete(): StageError {
  return new StageError('containers-gone', {
    what: 'Containers of the restaurant disappeared while it started.',
    meaning: 'Another command takes it down, or somebody removed them.',
    remedy: ['pnpm workshop --docker    to start it again'],
  })
}

function noCollector(): StageError {
  return new StageError('no-collector', {
    what: 'COMPOSE_PROFILES has neither grafana nor no-grafana.',
    meaning: 'One of the two has to take the traces.',
    remedy: ['unset COMPOSE_PROFILES    for Grafana', 'export COMPOSE_PROFILES=no-grafana    for the small collector'],
  })
}

function notReady(progress: Progress): StageError {
  const waiting = progress.snapshot().waiting.join(', ')
  return new StageError('not-ready', {
    what: `Not ready after ${READY_WITHIN / 1_000} s: ${waiting}.`,
    meaning: 'The machine is very slow, or a part hangs while it starts.',
    remedy: ['docker compose logs    to see what they said', 'pnpm workshop doctor    to check this machine'],
  })
}
