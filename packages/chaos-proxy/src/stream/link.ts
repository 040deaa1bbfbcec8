import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { READ_SIZE } from './buffers.ts'
import { Chain } from './chain.ts'
import type { Intake } from './intake.ts'
import { SocketSink } from './socket-sink.ts'

/**
 * One direction of one connection: the source's bytes through a chain of toxics to the target. Without toxics they go
 * straight from socket to socket. The source is read only while there is room behind it.
 */
export class Link {
  readonly chain: Chain
  /** Bytes read from the source so far. */
  received = 0
  readonly #source: Socket
  readonly #sink: SocketSink
  readonly #clock: Clock
  #ended = false

  /** @param close how the target is closed when the stream has ended */
  constructor(source: Socket, intake: Intake, target: Socket, clock: Clock, close: (socket: Socket) => void) {
    this.#source = source
    this.#sink = new SocketSink(target, close)
    this.#clock = clock
    this.chain = new Chain(this.#sink)
    this.chain.onRoom = () => source.resume()
    intake.receive = (data, buffer) => this.#receive(data, buffer)
    source.on('end', () => this.end())
    target.on('drain', () => this.chain.resume())
  }

  /** Bytes written to the target so far. */
  get sent(): number {
    return this.#sink.sent
  }

  /** There is no more to come from the source. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.chain.push({ data: undefined, at: this.#clock.now() })
  }

  /** Everything held is lost. */
  destroy(): void {
    this.#ended = true
    this.chain.destroy()
  }

  /** @returns whether nothing needs the data any more */
  #receive(data: Buffer, buffer: Buffer | undefined): boolean {
    this.received += data.length
    if (this.chain.isEmpty && this.#sink.idle) {
      this.#sink.write(data)
      if (this.#sink.full) this.#source.pause()
      return this.#sink.idle
    }
    // A little data doesn't keep a whole buffer for itself.
    const copied = data.length < READ_SIZE / 2
    const at = this.#clock.now()
    this.chain.push(copied ? { data: Buffer.from(data), at } : { data, at, buffer })
    if (this.chain.full) this.#source.pause()
    return copied
  }
}
