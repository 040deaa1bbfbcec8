import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** Host and port, as in `localhost:5432` or `[::1]:5432`. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** @throws Error that says what is wrong with it, in the words of Toxiproxy */
export function parseAddress(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text) ?? []
  if (port === undefined) {
    const colons = text.split(':').length - 1
    throw new Error(`address ${text}: ${colons > 1 ? 'too many colons in address' : 'missing port in address'}`)
  }
  if (!/^\d{0,5}$/.test(port) || Number(port) > 65_535) throw new Error(`address ${text}: invalid port`)
  return { host: bracketed ?? plain ?? '', port: Number(port) }
}

/** The address to bind: an IP for a name (never ::1 for localhost), all interfaces when there is no host. */
export async function resolveListen(text: string): Promise<Address> {
  const { host, port } = parseAddress(text)
  if (host === '') return { host: '::', port }
  if (host === 'localhost') return { host: '127.0.0.1', port }
  if (isIP(host) !== 0) return { host, port }
  try {
    return { host: (await lookup(host, { family: 4 })).address, port }
  } catch {
    throw new Error(`lookup ${host}: no such host`)
  }
}

export const formatAddress = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`
