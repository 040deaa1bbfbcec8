import { badRequest } from '../errors.ts'
import { formatAddress } from '../proxy/address.ts'
import type { ToxicSpec } from './toxic-options.ts'

/** Where to connect to: `host:port`, a port of this machine, or what the `address()` of a listening server gives. */
export type Upstream =
  | string
  | number
  | { readonly host?: string; readonly address?: string; readonly port: number }
  | null

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

/** @throws ChaosProxyError BAD_REQUEST when there is no address, since the server isn't listening yet */
export function addressOf(upstream: Upstream): string {
  if (upstream === null) throw badRequest('the upstream has no address: wait until it is listening')
  if (typeof upstream === 'string') return upstream
  if (typeof upstream === 'number') return `127.0.0.1:${upstream}`
  const host = upstream.host ?? upstream.address ?? '127.0.0.1'
  return formatAddress({ host: host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host, port: upstream.port })
}
