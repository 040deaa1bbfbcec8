import { connect, createServer, type Socket } from 'node:net'

/** A way to a service that a test can shut. Changing it breaks the connections that there are. */
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
  /** Once: what holds these words gets through, and the connection breaks in place of the reply. */
  loseReplyTo(words: string): void
  /** Shuts when these words come: they don't get through, nor does anything after them. */
  shutAt(words: string): void
  end(): void
}

type State = 'open' | 'shut' | 'silent'

export async function openDoor(target: number): Promise<Door> {
  let state: State = 'open'
  let doomed: string | undefined
  let last: string | undefined
  const clients = new Set<Socket>()
  const change = (next: State) => () => {
    state = next
    last = undefined
    for (const client of clients) client.destroy()
  }
  const server = createServer((client) => {
    clients.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => clients.delete(client))
    if (state === 'shut') client.destroy()
    else if (state === 'silent') client.resume()
    else forward(client, target, isDoomed, isLast)
  })
  const isDoomed = (request: Buffer) => {
    if (doomed === undefined || !request.includes(doomed)) return false
    doomed = undefined
    return true
  }
  const isLast = (request: Buffer) => {
    if (last === undefined || !request.includes(last)) return false
    change('shut')()
    return true
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
    open: change('open'),
    shut: change('shut'),
    silence: change('silent'),
    loseReplyTo(words) {
      doomed = words
    },
    shutAt(words) {
      last = words
    },
    end() {
      change('shut')()
      server.close()
    },
  }
}

type Check = (request: Buffer) => boolean

function forward(client: Socket, port: number, isDoomed: Check, isLast: Check): void {
  const upstream = connect(port, '127.0.0.1')
  let lost = false
  upstream.on('error', () => client.destroy())
  upstream.on('close', () => client.destroy())
  client.on('close', () => upstream.destroy())
  client.on('data', (request: Buffer) => {
    if (isLast(request)) return
    lost ||= isDoomed(request)
    upstream.write(request)
  })
  upstream.on('data', (reply) => {
    if (lost) client.destroy()
    else client.write(reply)
  })
}
