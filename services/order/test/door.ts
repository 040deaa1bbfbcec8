import { connect, createServer, type Socket } from 'node:net'

/** A way to a service that a test can shut. Opening, shutting and silencing breaks the connections that there are. */
export interface Door {
  port: number
  /** Connections that go through at this moment. */
  connections(): number
  isShut(): boolean
  open(): void
  /** Whoever comes is sent away. */
  shut(): void
  /** Whoever comes may send, and never hears anything. */
  silence(): void
  /** Once, on a connection that has sent all of these words: the last get through, and in place of the reply it breaks. */
  loseReplyTo(...words: string[]): void
  /** Shuts when a connection that has sent all of these words but the last sends them: they don't get through. */
  shutAt(...words: string[]): void
  /** Whether the last of these two happened. */
  sprung(): boolean
  end(): void
}

interface Trap {
  words: string[]
  kind: 'lose reply' | 'shut'
  sprung: boolean
}

export async function openDoor(target: number): Promise<Door> {
  let state: 'open' | 'shut' | 'silent' = 'open'
  let trap: Trap | undefined
  const clients = new Set<Socket>()
  const change = (next: typeof state) => {
    state = next
    for (const client of clients) client.destroy()
  }
  const server = createServer((client) => {
    clients.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => clients.delete(client))
    if (state === 'shut') client.destroy()
    else if (state === 'silent') client.resume()
    else forward(client, target, watch())
  })
  /** Follows one connection. @returns which trap it walks into with this request */
  const watch = () => {
    let watched: Trap | undefined
    let seen = 0
    return (request: Buffer): Trap['kind'] | undefined => {
      if (watched !== trap) seen = 0
      watched = trap
      while (trap && !trap.sprung && request.includes(trap.words[seen] ?? '')) {
        if (++seen < trap.words.length) continue
        trap.sprung = true
        if (trap.kind === 'shut') change('shut')
        return trap.kind
      }
      return undefined
    }
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    connections: () => clients.size,
    isShut: () => state === 'shut',
    open() {
      trap = undefined
      change('open')
    },
    shut: () => change('shut'),
    silence: () => change('silent'),
    loseReplyTo(...words) {
      trap = { words, kind: 'lose reply', sprung: false }
    },
    shutAt(...words) {
      trap = { words, kind: 'shut', sprung: false }
    },
    sprung: () => trap?.sprung ?? false,
    end() {
      change('shut')
      server.close()
    },
  }
}

function forward(client: Socket, port: number, trapOf: (request: Buffer) => Trap['kind'] | undefined): void {
  const upstream = connect(port, '127.0.0.1')
  let lost = false
  upstream.on('error', () => client.destroy())
  upstream.on('close', () => client.destroy())
  client.on('close', () => upstream.destroy())
  client.on('data', (request: Buffer) => {
    const trap = trapOf(request)
    if (trap === 'shut') return
    lost ||= trap === 'lose reply'
    upstream.write(request)
  })
  upstream.on('data', (reply) => {
    if (lost) client.destroy()
    else client.write(reply)
  })
}
