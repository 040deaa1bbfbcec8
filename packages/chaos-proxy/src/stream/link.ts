import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { Chain } from './chain.ts'
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
  constructor(source: Socket, target: Socket, clock: Clock, close: (socket: Socket) => void) {
    this.#source = source
    this.#sink = new SocketSink(target, close)
    this.#clock = clock
    this.chain = new Chain(this.#sink)
    this.chain.onRoom = () => source.resume()
    source.on('data', (data: Buffer) => this.#receive(data))
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

  #receive(data: Buffer): void {
    this.received += data.length
    if (this.chain.isEmpty) {
      if (!this.#sink.write(data)) this.#source.pause()
      return
    }
    this.chain.push({ data, at: this.#clock.now() })
    if (this.chain.full) this.#source.pause()
  }
}
