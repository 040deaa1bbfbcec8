/**
 * The restaurant, declared once: what runs, who calls whom, and on which ports. Proxies, environments and addresses
 * of both stages derive from it.
 */
export const SERVICES = ['menu', 'loyalty', 'order'] as const
export type ServiceName = (typeof SERVICES)[number]

/** Each service has its own database, named as the service is. */
export const DATABASES: readonly ServiceName[] = SERVICES
export const DATABASE_USER = 'kitchen'

/** What a hop leads to. */
export type Callee = ServiceName | 'postgres'

export interface Hop {
  /** Name of its proxy in the Toxiproxy API. */
  name: HopName
  from: 'client' | ServiceName
  to: Callee
  /** Variable in which the caller finds the address of the proxy. */
  variable?: 'MENU_URL' | 'LOYALTY_URL' | 'DATABASE_URL'
}

export const HOP_NAMES = [
  'client-order',
  'order-menu',
  'order-loyalty',
  'order-postgres',
  'menu-postgres',
  'loyalty-postgres',
] as const
export type HopName = (typeof HOP_NAMES)[number]

export const HOPS: readonly Hop[] = [
  { name: 'client-order', from: 'client', to: 'order' },
  { name: 'order-menu', from: 'order', to: 'menu', variable: 'MENU_URL' },
  { name: 'order-loyalty', from: 'order', to: 'loyalty', variable: 'LOYALTY_URL' },
  { name: 'order-postgres', from: 'order', to: 'postgres', variable: 'DATABASE_URL' },
  { name: 'menu-postgres', from: 'menu', to: 'postgres', variable: 'DATABASE_URL' },
  { name: 'loyalty-postgres', from: 'loyalty', to: 'postgres', variable: 'DATABASE_URL' },
]

/** Everything that listens on a port. */
export type PortName = 'collector' | 'proxy' | Callee | HopName

/** Used where they are free. 3000 and 8474 are Grafana's and Toxiproxy's own, so links and tools work on both stages. */
export const DEFAULT_PORTS: Readonly<Record<PortName, number>> = {
  collector: 3000,
  proxy: 8474,
  'client-order': 8001,
  'order-menu': 8002,
  'order-loyalty': 8003,
  'order-postgres': 8011,
  'menu-postgres': 8012,
  'loyalty-postgres': 8013,
  order: 8101,
  menu: 8102,
  loyalty: 8103,
  postgres: 54320,
}

/** Where a stage puts things: host:port as its processes or containers see them. */
export interface Layout {
  /** Where the proxy of a hop listens. */
  listen(hop: HopName): string
  /** How the caller of a hop reaches its proxy. */
  proxied(hop: HopName): string
  /** How anything reaches the callee past its proxies. */
  direct(callee: Callee): string
  /** Where a service binds. */
  bind(service: ServiceName): { host: string; port: number }
  /** Base URL for OTLP/HTTP. */
  otlp: string
  databasePassword: string
}

/** A proxy as the Toxiproxy API takes it in `POST /populate`. */
export interface ProxyDefinition {
  name: HopName
  listen: string
  upstream: string
  enabled: boolean
}

export function proxyDefinitions(layout: Layout): ProxyDefinition[] {
  return HOPS.map(({ name, to }) => ({ name, listen: layout.listen(name), upstream: layout.direct(to), enabled: true }))
}

/** Environment of a service as docs/architecture.md lists it, without what only a machine's Node needs. */
export function serviceEnvironment(service: ServiceName, layout: Layout): Record<string, string> {
  const { host, port } = layout.bind(service)
  const environment: Record<string, string> = {
    SERVICE_NAME: service,
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_ENDPOINT: layout.otlp,
    HOST: host,
    PORT: String(port),
    KITCHEN: '1',
  }
  for (const hop of HOPS.filter(({ from }) => from === service)) {
    if (hop.variable === undefined) continue
    const address = layout.proxied(hop.name)
    environment[hop.variable] =
      hop.to === 'postgres'
        ? `postgres://${DATABASE_USER}:${encodeURIComponent(layout.databasePassword)}@${address}/${service}`
        : `http://${address}`
  }
  return environment
}
