import { createServer, type Server } from 'node:net'
import { BLOCK_SIZE, listens } from './listen.ts'

/**
 * Keeps the wanted ports of one restaurant from others for as long as it lives: a part that restarts, or a proxy that is
 * switched off, leaves its port free for a moment, and who took it then would be called in its place. A block of twenty
 * ports is claimed by listening on a port that stands for it.
 */
export class PortClaims {
  readonly #claimed = new Map<number, Promise<boolean>>()
  readonly #servers: Server[] = []

  /** @returns false when another restaurant has the block of this port */
  claim(port: number): Promise<boolean> {
    const block = Math.floor(port / BLOCK_SIZE)
    const claimed = this.#claimed.get(block) ?? this.#listen(FIRST_CLAIM + block)
    this.#claimed.set(block, claimed)
    return claimed
  }

  /** For when everything that listened has ended. */
  release(): void {
    for (const server of this.#servers.splice(0)) server.close()
    this.#claimed.clear()
  }

  async #listen(port: number): Promise<boolean> {
    const server = createServer()
    if (!(await listens(server, port))) return false
    // Whoever listens on the claimed ports decides how long the process lives.
    server.unref()
    this.#servers.push(server)
    return true
  }
}

/** Up to 19 276: below the ports of the blocks. */
const FIRST_CLAIM = 16_000
