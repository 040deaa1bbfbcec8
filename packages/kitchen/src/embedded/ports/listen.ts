import { once } from 'node:events'
import type { Server } from 'node:net'
import { HOST } from '../layout.ts'

/** What one restaurant needs, and some to spare. */
export const BLOCK_SIZE = 20

/** @returns whether the server listens on this port of the loopback address now */
export async function listens(server: Server, port: number): Promise<boolean> {
  try {
    server.listen({ host: HOST, port, exclusive: true })
    await once(server, 'listening')
    return true
  } catch {
    // Taken, or not ours to take (a privileged port): both mean another one.
    return false
  }
}
