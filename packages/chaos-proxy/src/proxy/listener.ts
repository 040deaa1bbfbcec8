import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { ChaosProxyError } from '../errors.ts'
import { type Address, formatAddress } from './address.ts'

/** A bound port that takes connections. */
export class Listener {
  /** Where it listens, with the real port. */
  readonly address: string
  readonly #server: Server

  private constructor(server: Server, address: string) {
    this.#server = server
    this.address = address
  }

  /**
   * @param failed told when a connection can't be accepted, as when the process has no file descriptors left
   * @throws ChaosProxyError LISTEN_FAILED with the words of the operating system
   */
  static async open(
    address: Address,
    accept: (socket: Socket) => void,
    failed: (error: Error) => void,
  ): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, accept)
    server.listen({ ...address, backlog: BACKLOG, exclusive: true })
    try {
      await once(server, 'listening')
    } catch (error) {
      throw listenFailed(formatAddress(address), error)
    }
    server.on('error', failed)
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('A TCP server has no TCP address')
    return new Listener(server, formatAddress({ host: bound.address, port: bound.port }))
  }

  /** Frees the port at once; connections that were accepted stay. */
  close(): void {
    this.#server.close()
  }
}

/** Connections that may wait to be accepted. */
const BACKLOG = 4096

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'bind: address already in use',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EACCES: 'bind: permission denied',
}

function listenFailed(address: string, cause: unknown): ChaosProxyError {
  const { code = '', message }: NodeJS.ErrnoException = cause instanceof Error ? cause : new Error(String(cause))
  const reason = REASONS[code] ?? message
  return new ChaosProxyError('LISTEN_FAILED', 500, `listen tcp ${address}: ${reason}`, { cause })
}
