import { formatAddress } from '../proxy/address.ts'
import type { ToxicSpec } from './toxic-options.ts'

/** Where to connect to: `host:port`, a port of this machine, or what `server.address()` gives. */
export type Upstream = string | number | { readonly host?: string; readonly address?: string; readonly port: number }

export interface ProxyOptions {
  readonly upstream: Upstream
  /** Unique on the server. Default: `proxy-1` and so on. */
  readonly name?: string
  /** Default `127.0.0.1:0`: a free port. */
  readonly listen?: string
  /** Default true. */
  readonly enabled?: boolean
  /** There from the first connection on. Default: none. */
  readonly toxics?: readonly ToxicSpec[]
}

export function addressOf(upstream: Upstream): string {
  if (typeof upstream === 'string') return upstream
  if (typeof upstream === 'number') return `127.0.0.1:${upstream}`
  const host = upstream.host ?? upstream.address ?? '127.0.0.1'
  return formatAddress({ host: host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host, port: upstream.port })
}
