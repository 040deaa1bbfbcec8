import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A socket whose bytes, end and errors are written down as they come. Half-open sides are kept open. */
export class Wire {
  readonly socket: Socket
  /** Each arrival: its moment and its bytes. */
  readonly arrivals: { readonly at: number; readonly data: Buffer }[] = []
  /** `end` for a FIN, the error's code for anything else; undefined while open. */
  ending: string | undefined
  endedAt = 0
  #read = 0
  readonly #waiting = new Set<() => void>()

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data: Buffer) => {
      this.arrivals.push({ at: performance.now(), data })
      this.#wake()
    })
    socket.on('end', () => this.#end('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? error.message))
    socket.on('close', () => this.#end('close'))
  }

  static async connect(port: number): Promise<Wire> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    return new Wire(socket)
  }

  get received(): number {
    return this.arrivals.reduce((sum, { data }) => sum + data.length, 0)
  }

  get bytes(): Buffer {
    return Buffer.concat(this.arrivals.map(({ data }) => data))
  }

  /** @returns when it was written */
  write(data: string | Buffer): number {
    const at = performance.now()
    this.socket.write(data)
    return at
  }

  /** The next `length` bytes, once they are there. Fails when the stream ends before. */
  async read(length: number): Promise<Buffer> {
    await this.until(() => this.received >= this.#read + length || this.ending !== undefined)
    const data = this.bytes.subarray(this.#read, this.#read + length)
    if (data.length < length) throw new Error(`${this.ending} after ${data.length} of ${length} bytes`)
    this.#read += length
    return data
  }

  /** Waits for the end. */
  async ended(): Promise<string> {
    await this.until(() => this.ending !== undefined)
    return this.ending ?? ''
  }

  async until(condition: () => boolean, limit = 30_000): Promise<void> {
    const deadline = performance.now() + limit
    while (!condition()) {
      if (performance.now() > deadline)
        throw new Error(`Waited ${limit} ms in vain: ${this.received} bytes came, ending: ${this.ending}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500)
        this.#waiting.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  /** Milliseconds from writing one byte to reading one. */
  async roundTrip(): Promise<number> {
    const sent = this.write('x')
    await this.read(1)
    return performance.now() - sent
  }

  /** The shortest of some round trips: as many as it takes to get one below `limit`, whatever else the machine does. */
  async leastRoundTrip(limit: number): Promise<number> {
    let least = await this.roundTrip()
    for (let count = 0; count < 30 && least >= limit; count++) least = Math.min(least, await this.roundTrip())
    return least
  }

  close(): void {
    this.socket.destroy()
  }

  #end(how: string): void {
    if (this.ending !== undefined) return
    this.ending = how
    this.endedAt = performance.now()
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
