import type { Layout, PortName } from '../topology.ts'

export type Ports = Record<PortName, number>

export const HOST = '127.0.0.1'

/** Everything on this machine's loopback address, told apart by port. */
export function embeddedLayout(ports: Ports, databasePassword: string): Layout {
  return {
    listen: (hop) => `${HOST}:${ports[hop]}`,
    proxied: (hop) => `${HOST}:${ports[hop]}`,
    direct: (callee) => `${HOST}:${ports[callee]}`,
    bind: (service) => ({ host: HOST, port: ports[service] }),
    otlp: `http://${HOST}:${ports.collector}`,
    databasePassword,
  }
}
