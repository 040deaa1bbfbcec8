import { createServer, type Server } from 'node:http'
import { planPorts, reserveBlock } from '../embedded/ports/plan.ts'
import { type Container, publishedPorts } from './containers.ts'
import { DOCKER_PORTS, type DockerPort, type DockerPorts, PUBLISHED, portVariable } from './layout.ts'

export interface Settings {
  /** Variables of compose.yaml that move its ports. */
  variables: Record<string, string>
  /** Sentences about what was taken. */
  notes: string[]
}

/**
 * Ports of 127.0.0.1 for what compose.yaml publishes. Containers that are there keep theirs, so that Compose has
 * nothing to make anew.
 * @param services those of the active profiles
 * @param reservation holds the block of spare ports for as long as it listens
 */
export async function planSettings(
  containers: readonly Container[],
  services: readonly string[],
  portBase: number | undefined,
  reservation: Server,
): Promise<Settings> {
  const kept = publishedPorts(containers)
  const used = Object.entries(DOCKER_PORTS).filter(([name]) =>
    PUBLISHED[name as DockerPort].some(({ service }) => services.includes(service)),
  )
  const missing = used.filter(([name]) => !(name in kept))
  const planned =
    missing.length === 0
      ? { ports: {}, notes: [] }
      : await planPorts(Object.fromEntries(missing), portBase, await reserveBlock(reservation))
  const ports: Partial<DockerPorts> = { ...planned.ports, ...kept }
  return { variables: variablesOf(ports), notes: planned.notes }
}

/** What decides who reads the repository and which collector runs: as in the containers that are there. */
export function standingVariables(containers: readonly Container[]): Record<string, string> {
  return { ...userOf(containers), ...profileOf(containers) }
}

export function portReservation(): Server {
  const server = createServer()
  server.unref()
  return server
}

function variablesOf(ports: Partial<DockerPorts>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [portVariable(name as DockerPort), String(port)]),
  )
}

/** On Linux a mounted file keeps its owner and mode, so its owner is who can read it in every case. */
function userOf(containers: readonly Container[]): Record<string, string> {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(containers.find(({ service }) => service === 'order')?.user ?? '') ?? []
  if (uid !== undefined && gid !== undefined) return { KITCHEN_UID: uid, KITCHEN_GID: gid }
  const own = process.platform === 'linux' ? process.getuid?.() : undefined
  const group = process.getgid?.()
  return own ? { KITCHEN_UID: String(own), KITCHEN_GID: String(group) } : {}
}

function profileOf(containers: readonly Container[]): Record<string, string> {
  if (containers.some(({ service }) => service === 'grafana')) return { COMPOSE_PROFILES: 'grafana' }
  if (containers.some(({ service }) => service === 'collector')) return { COMPOSE_PROFILES: 'no-grafana' }
  return {}
}
