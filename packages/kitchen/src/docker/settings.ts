import { statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { REPOSITORY } from '../embedded/home.ts'
import { PortClaims } from '../embedded/ports/claims.ts'
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
      : await planPorts(Object.fromEntries(missing), portBase, await reserveBlock(reservation), new PortClaims())
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
  return process.platform === 'linux' ? readerOf(join(REPOSITORY, 'package.json')) : {}
}

/** Ourselves; where that is root, the usual user of compose.yaml, or the owner of files that nobody else may read. */
function readerOf(file: string): Record<string, string> {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  if (uid) return { KITCHEN_UID: String(uid), KITCHEN_GID: String(gid) }
  const { mode, uid: owner, gid: group } = statSync(file)
  return (mode & OTHERS_READ) === 0 ? { KITCHEN_UID: String(owner), KITCHEN_GID: String(group) } : {}
}

const OTHERS_READ = 0o004

function profileOf(containers: readonly Container[]): Record<string, string> {
  if (containers.some(({ service }) => service === 'grafana')) return { COMPOSE_PROFILES: 'grafana' }
  if (containers.some(({ service }) => service === 'collector')) return { COMPOSE_PROFILES: 'no-grafana' }
  return {}
}
