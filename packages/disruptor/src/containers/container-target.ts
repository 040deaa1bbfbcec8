import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Target, TargetState } from '../target.ts'
import { OPT_IN_LABEL, PROJECT_LABEL, SERVICE_LABEL } from './labels.ts'

export interface ContainerTargetOptions {
  docker: Docker
  /** Value of the label `chaos-kitchen.project`. */
  project: string
  /** Its Compose service. */
  name: string
  /** Resolves once it serves; rejects when `signal` aborts. Docker's health check by default. */
  ready?(signal: AbortSignal): Promise<void>
  /** Seconds from SIGTERM (or the image's stop signal) until SIGKILL. 10 by default. */
  stopWithin?: number
}

/**
 * A container as a target. It is looked up for every act by the labels of project, service and opt-in, so one without
 * them is never touched, and one that was made anew is found. A stop or kill through the API switches its restart
 * policy off until `start`: what was disturbed stays so for as long as the disruptor wants.
 */
export function containerTarget(options: ContainerTargetOptions): Target {
  return new ContainerTarget(options)
}

/**
 * Every container of a project that may be disturbed, by the name of its service.
 * @throws RangeError for an empty project: it selects nothing, rather than everything
 */
export async function containerTargets(docker: Docker, project: string): Promise<Target[]> {
  const names = (await eligibleContainers(docker, project)).map(({ Labels }) => Labels[SERVICE_LABEL] ?? '')
  return [...new Set(names)].sort().map((name) => containerTarget({ docker, project, name }))
}

class ContainerTarget implements Target {
  readonly name: string
  readonly eligible = true
  readonly #options: ContainerTargetOptions
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: ContainerTargetOptions) {
    this.name = options.name
    this.#options = options
  }

  async state(): Promise<TargetState> {
    return stateOf(await (await this.#container()).inspect())
  }

  stop(): Promise<void> {
    return this.#next(async (container) => {
      // A frozen process would not see the request.
      await unpause(container)
      await container.stop({ t: this.#options.stopWithin ?? 10 }).catch(unlessStatus(NOT_MODIFIED))
    })
  }

  kill(): Promise<void> {
    return this.#next(async (container) => {
      await container.kill({ signal: 'SIGKILL' }).catch(unlessStatus(CONFLICT))
      await container.wait({ condition: 'not-running' })
    })
  }

  pause(): Promise<void> {
    return this.#next(pauseWithPatience)
  }

  resume(): Promise<void> {
    return this.#next(unpause)
  }

  start(): Promise<void> {
    return this.#next(async (container) => {
      const { State } = await container.inspect()
      // Docker waits longer before each restart after a crash; whoever starts it does not want to wait.
      if (State.Restarting) await container.restart({ t: 0 })
      else await container.start().catch(unlessStatus(NOT_MODIFIED))
    })
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#options.ready) return this.#options.ready(signal)
    for (;;) {
      signal.throwIfAborted()
      const { State } = await (await this.#container()).inspect()
      // Without a health check, running is all that can be known.
      const health = State.Health?.Status ?? 'none'
      if (State.Running && !State.Paused && (health === 'healthy' || health === 'none')) return
      await sleep(100, undefined, { signal })
    }
  }

  async #container(): Promise<Docker.Container> {
    const { docker, project, name } = this.#options
    const [found] = await eligibleContainers(docker, project, name)
    if (found !== undefined) return docker.getContainer(found.Id)
    throw new RangeError(`There is no container of ${name} in project ${project} that may be disturbed`)
  }

  /** Acts on one container do not overlap. */
  #next(act: (container: Docker.Container) => Promise<void>): Promise<void> {
    const done = this.#queue.then(async () => act(await this.#container()))
    this.#queue = done.catch(() => undefined)
    return done
  }
}

const NOT_MODIFIED = 304
const CONFLICT = 409
const INTERNAL_ERROR = 500
const PAUSE_ATTEMPTS = 6

async function eligibleContainers(docker: Docker, project: string, name?: string): Promise<Docker.ContainerInfo[]> {
  if (project === '') throw new RangeError('Containers are selected by their project; an empty one selects nothing')
  const containers = await docker.listContainers({ all: true, filters: { label: [`${PROJECT_LABEL}=${project}`] } })
  // The engine's filter only saves work: what may be touched is decided here.
  return containers.filter(
    ({ Labels }) =>
      Labels[PROJECT_LABEL] === project &&
      Labels[OPT_IN_LABEL] === 'true' &&
      Labels[SERVICE_LABEL] !== undefined &&
      (name === undefined || Labels[SERVICE_LABEL] === name),
  )
}

function stateOf({ State }: Docker.ContainerInspectInfo): TargetState {
  if (State.Paused) return 'paused'
  return State.Running && !State.Restarting ? 'running' : 'stopped'
}

/**
 * The engine freezes the processes of a container one by one, and gives up (500) where a busy machine or a process that
 * was just born keeps it from ending; then the container runs as before, and asking again is left to whoever asked.
 * https://github.com/opencontainers/runc/pull/4388
 */
async function pauseWithPatience(container: Docker.Container): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Conflict: paused already, or not running.
      return void (await container.pause().catch(unlessStatus(CONFLICT)))
    } catch (error) {
      if (!hasStatus(error, INTERNAL_ERROR) || attempt === PAUSE_ATTEMPTS) throw error
      await sleep(attempt * 50)
    }
  }
}

async function unpause(container: Docker.Container): Promise<void> {
  if (stateOf(await container.inspect()) !== 'paused') return
  // Somebody else may have been quicker; the engine calls that an internal error (500) or a conflict.
  await container.unpause().catch(async (error) => {
    if (stateOf(await container.inspect()) === 'paused') throw error
  })
}

function unlessStatus(status: number): (error: unknown) => void {
  return (error) => {
    if (!hasStatus(error, status)) throw error
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status
}
