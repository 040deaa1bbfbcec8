import { type Engine, PROJECT_LABEL, SERVICE_LABEL } from '@chaos-kitchen/disruptor/containers'
import type { DockerPorts } from './layout.ts'
import { DOCKER_PORTS, PUBLISHED } from './layout.ts'

export type Docker = Engine['docker']

/** A container of the restaurant as the engine tells of it: the only state that the Docker stage has. */
export interface Container {
  id: string
  service: string
  state: 'running' | 'paused' | 'stopped'
  health: string
  exitCode: number
  /** Restarts by its policy since it was last started by hand. */
  restarts: number
  outOfMemory: boolean
  user: string
  /** Of its Compose definition when it was made. */
  configHash: string | undefined
  /** Host ports by container port, also while it is stopped. */
  published: Map<number, number>
}

export async function readContainers(docker: Docker, project: string): Promise<Container[]> {
  const list = await docker.listContainers({ all: true, filters: { label: [`${PROJECT_LABEL}=${project}`] } })
  const containers = await Promise.all(list.map(({ Id }) => readContainer(docker, Id)))
  return containers.filter((container) => container !== undefined)
}

/** @returns undefined for one that is gone by now */
export async function readContainer(docker: Docker, id: string): Promise<Container | undefined> {
  try {
    const { Id, State, RestartCount, Config, HostConfig } = await docker.getContainer(id).inspect()
    const bindings: Record<string, { HostPort?: string }[] | undefined> = HostConfig.PortBindings ?? {}
    return {
      id: Id,
      service: Config.Labels[SERVICE_LABEL] ?? '',
      state: State.Paused ? 'paused' : State.Running && !State.Restarting ? 'running' : 'stopped',
      health: State.Health?.Status ?? 'none',
      exitCode: State.ExitCode,
      restarts: RestartCount,
      outOfMemory: State.OOMKilled,
      user: Config.User,
      configHash: Config.Labels['com.docker.compose.config-hash'],
      published: new Map(
        Object.entries(bindings).map(([port, binding]) => [Number.parseInt(port, 10), Number(binding?.[0]?.HostPort)]),
      ),
    }
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined
    throw error
  }
}

/** The ports that these containers have; those of containers that are missing are left out. */
export function publishedPorts(containers: readonly Container[]): Partial<DockerPorts> {
  const found: Partial<DockerPorts> = {}
  for (const name of Object.keys(DOCKER_PORTS) as (keyof DockerPorts)[]) {
    for (const { service, port } of PUBLISHED[name]) {
      const published = containers.find((container) => container.service === service)?.published.get(port)
      if (published) found[name] = published
    }
  }
  return found
}
