import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { Wire } from './wire.ts'

/** A TCP server to be proxied. Its connections are wires; unless told otherwise it echoes. */
export class Upstream {
  readonly port: number
  readonly wires: Wire[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    const address = server.address() as AddressInfo
    this.port = address.port
  }

  static async echo(): Promise<Upstream> {
    return Upstream.start((wire) => wire.socket.on('data', (data) => wire.socket.write(data)))
  }

  static async start(onConnection: (wire: Wire) => void = () => {}): Promise<Upstream> {
    const server = createServer({ allowHalfOpen: true })
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 })
    await once(server, 'listening')
    const upstream = new Upstream(server)
    server.on('connection', (socket) => {
      const wire = new Wire(socket)
      upstream.wires.push(wire)
      onConnection(wire)
    })
    return upstream
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** The nth connection, 0 for the first, once it is there. */
  async wire(index: number): Promise<Wire> {
    const deadline = performance.now() + 10_000
    for (;;) {
      const wire = this.wires[index]
      if (wire !== undefined) return wire
      if (performance.now() > deadline) throw new Error(`Connection ${index} never came`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  async close(): Promise<void> {
    for (const wire of this.wires) wire.close()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
