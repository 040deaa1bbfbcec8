import { DEFAULT_PORTS, type Layout } from '../topology.ts'

/** Where the repository is mounted, read-only. */
export const MOUNT = '/kitchen'
/** Of PostgreSQL; published on 127.0.0.1 alone, so it keeps nobody out who is on this machine. */
export const DATABASE_PASSWORD = 'kitchen'

/** What compose.yaml publishes on 127.0.0.1, and the ports that it takes by default. */
export const DOCKER_PORTS = {
  collector: DEFAULT_PORTS.collector,
  otlp: 4318,
  tempo: 3200,
  prometheus: 9090,
  proxy: DEFAULT_PORTS.proxy,
  'client-order': DEFAULT_PORTS['client-order'],
  order: DEFAULT_PORTS.order,
  menu: DEFAULT_PORTS.menu,
  loyalty: DEFAULT_PORTS.loyalty,
  postgres: DEFAULT_PORTS.postgres,
} as const
export type DockerPort = keyof typeof DOCKER_PORTS
export type DockerPorts = Record<DockerPort, number>

/** Which port of which Compose service each of them leads to. */
export const PUBLISHED: Readonly<Record<DockerPort, readonly { service: string; port: number }[]>> = {
  collector: [
    { service: 'grafana', port: 3000 },
    { service: 'collector', port: 4318 },
  ],
  otlp: [{ service: 'grafana', port: 4318 }],
  tempo: [{ service: 'grafana', port: 3200 }],
  prometheus: [{ service: 'grafana', port: 9090 }],
  proxy: [{ service: 'toxiproxy', port: 8474 }],
  'client-order': [{ service: 'toxiproxy', port: DEFAULT_PORTS['client-order'] }],
  order: [{ service: 'order', port: 8080 }],
  menu: [{ service: 'menu', port: 8080 }],
  loyalty: [{ service: 'loyalty', port: 8080 }],
  postgres: [{ service: 'postgres', port: 5432 }],
}

/** The variable of compose.yaml that moves a port, as KITCHEN_PORT_CLIENT_ORDER. */
export function portVariable(port: DockerPort): string {
  return `KITCHEN_PORT_${port.replaceAll('-', '_').toUpperCase()}`
}

/** Inside the network of the containers, where each has its own address and the proxies share one. */
export const dockerLayout: Layout = {
  listen: (hop) => `0.0.0.0:${DEFAULT_PORTS[hop]}`,
  proxied: (hop) => `toxiproxy:${DEFAULT_PORTS[hop]}`,
  direct: (callee) => (callee === 'postgres' ? 'postgres:5432' : `${callee}:8080`),
  bind: () => ({ host: '0.0.0.0', port: 8080 }),
  otlp: 'http://collector:4318',
  databasePassword: DATABASE_PASSWORD,
}
