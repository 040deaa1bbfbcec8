import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Toxic } from '../proxy/toxic.ts'
import type { Direction } from './direction.ts'
import type { Sink } from './sink.ts'
import { SocketSink } from './socket-sink.ts'
import type { Stub } from './stub.ts'

/**
 * One direction of one connection: the source's bytes through a chain of toxics to the sink. Without toxics they go
 * straight from socket to socket. A source is read only while there is room behind it.
 */
export class Link {
  readonly direction: Direction
  /** Called when a toxic ends the stream. */
  onClose: (toxic: Toxic) => void = () => {}
  /** Bytes read from the source so far. */
  received = 0
  readonly #source: Socket
  readonly #sink: SocketSink
  readonly #clock: Clock
  readonly #chain: { readonly toxic: Toxic; readonly stub: Stub; removed: boolean }[] = []
  #first: Sink | undefined
  #ended = false

  constructor(direction: Direction, source: Socket, target: Socket, clock: Clock, close: (socket: Socket) => void) {
    this.direction = direction
    this.#source = source
    this.#sink = new SocketSink(target, close)
    this.#clock = clock
    source.on('data', (data: Buffer) => this.#receive(data))
    source.on('end', () => this.end())
    target.on('drain', () => this.#room(this.#chain.length))
  }

  get sent(): number {
    return this.#sink.sent
  }

  /** Bytes that toxics are holding. */
  get held(): number {
    return this.#chain.reduce((sum, { stub }) => sum + stub.held, 0)
  }

  get toxics(): Toxic[] {
    return this.#chain.filter(({ removed }) => !removed).map(({ toxic }) => toxic)
  }

  has(toxic: Toxic): boolean {
    return this.#find(toxic) !== undefined
  }

  /** Puts a toxic before the first of those that come after it, else at the end. */
  insert(toxic: Toxic, stub: Stub, after: readonly Toxic[]): void {
    const index = this.#chain.findIndex((entry) => after.includes(entry.toxic))
    this.#chain.splice(index < 0 ? this.#chain.length : index, 0, { toxic, stub, removed: false })
    this.#wire()
    stub.advance()
  }

  change(toxic: Toxic): void {
    this.#find(toxic)?.stub.change(toxic.settled)
  }

  /** What the toxic holds goes on; the stub is there until that is done, and the toxic is gone at once. */
  remove(toxic: Toxic): void {
    const entry = this.#find(toxic)
    if (entry === undefined) return
    entry.removed = true
    entry.stub.remove(() => {
      this.#chain.splice(this.#chain.indexOf(entry), 1)
      this.#wire()
      this.#room(this.#chain.length)
    })
  }

  /** There is no more to come from the source. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    const chunk = { data: undefined, at: this.#clock.now() }
    if (this.#first === undefined) this.#sink.push(chunk)
    else this.#first.push(chunk)
  }

  /** Everything held is lost. */
  destroy(): void {
    this.#ended = true
    for (const { stub } of this.#chain) stub.destroy()
  }

  #receive(data: Buffer): void {
    this.received += data.length
    if (this.#first === undefined) {
      if (!this.#sink.write(data)) this.#source.pause()
      return
    }
    this.#first.push({ data, at: this.#clock.now() })
    if (this.#first?.full) this.#source.pause()
  }

  /** There is room again at this place of the chain: what is before it may go on. */
  #room(index: number): void {
    const before = this.#chain[index - 1]
    if (before !== undefined) before.stub.advance()
    else if (!(this.#first ?? this.#sink).full) this.#source.resume()
  }

  #find(toxic: Toxic) {
    return this.#chain.find((entry) => entry.toxic === toxic && !entry.removed)
  }

  #wire(): void {
    this.#first = this.#chain[0]?.stub
    for (const [index, { toxic, stub }] of this.#chain.entries()) {
      stub.next = this.#chain[index + 1]?.stub ?? this.#sink
      stub.onRoom = () => this.#room(index)
      stub.onClose = () => this.onClose(toxic)
    }
  }
}
