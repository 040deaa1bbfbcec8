import { send } from '../embedded/http.ts'
import { HOST } from '../embedded/layout.ts'
import type { StageStatus } from '../stage.ts'
import { type Container, type Docker, publishedPorts } from './containers.ts'
import { endsByItself } from './ends.ts'

/** What the containers of a project say of the restaurant. */
export async function statusOf(docker: Docker, containers: readonly Container[]): Promise<StageStatus> {
  const ports = publishedPorts(containers)
  const services = await Promise.all(containers.map((container) => serviceOf(docker, container)))
  const running = containers.some(({ service }) => service === 'order')
  return {
    running,
    services: services.sort((a, b) => a.name.localeCompare(b.name)),
    toxics: ports.proxy === undefined ? 0 : await countToxics(`http://${HOST}:${ports.proxy}/proxies`),
    // Containers end with no command.
    detached: running,
  }
}

async function serviceOf(docker: Docker, container: Container): Promise<StageStatus['services'][number]> {
  const { service, state, health, published } = container
  const [port] = published.values()
  const ends = await endsByItself(docker, container)
  return {
    name: service,
    state,
    ready: state === 'running' && (health === 'healthy' || health === 'none'),
    ...(port !== undefined && service !== 'postgres' && { url: `http://${HOST}:${port}` }),
    ...(ends !== undefined && { endsByItself: ends }),
  }
}

async function countToxics(url: string): Promise<number> {
  try {
    const { body } = await send('GET', url, { signal: AbortSignal.timeout(1_000) })
    const proxies: Record<string, { toxics: unknown[] }> = JSON.parse(body)
    return Object.values(proxies).reduce((sum, { toxics }) => sum + toxics.length, 0)
  } catch {
    // The proxy does not run, or is being started again, which loses its toxics.
    return 0
  }
}
