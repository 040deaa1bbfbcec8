import type { Toxic } from '../proxy/toxic.ts'
import type { Chunk } from '../toxics/effect.ts'
import type { Sink } from './sink.ts'
import type { Stub } from './stub.ts'

interface Entry {
  readonly toxic: Toxic
  readonly stub: Stub
  /** The toxic is gone, but what it held is not yet. */
  removed: boolean
}

/**
 * The toxics of one direction of one connection, in their order, before a sink. Without toxics the chain is the sink.
 * Everything here is synchronous: after a call, whatever could move has moved.
 */
export class Chain implements Sink {
  /** Called when there is room again at the start. */
  onRoom: () => void = () => {}
  /** Called when a toxic ends the stream. */
  onClose: (toxic: Toxic) => void = () => {}
  readonly #entries: Entry[] = []
  readonly #sink: Sink
  #first: Sink

  constructor(sink: Sink) {
    this.#sink = sink
    this.#first = sink
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  get full(): boolean {
    return this.#first.full
  }

  /** Bytes that toxics are holding. */
  get held(): number {
    return this.#entries.reduce((sum, { stub }) => sum + stub.held, 0)
  }

  get toxics(): Toxic[] {
    return this.#entries.filter(({ removed }) => !removed).map(({ toxic }) => toxic)
  }

  push(chunk: Chunk): void {
    this.#first.push(chunk)
  }

  has(toxic: Toxic): boolean {
    return this.#find(toxic) !== undefined
  }

  /** Puts a toxic before the first of those that come after it, else at the end. */
  insert(toxic: Toxic, stub: Stub, after: readonly Toxic[] = []): void {
    const index = this.#entries.findIndex((entry) => after.includes(entry.toxic))
    this.#entries.splice(index < 0 ? this.#entries.length : index, 0, { toxic, stub, removed: false })
    this.#rewire()
  }

  /** The toxic's attributes are other ones now. */
  change(toxic: Toxic): void {
    this.#find(toxic)?.stub.change(toxic.settled)
  }

  /** What the toxic holds goes on; its stub stays until that is done, but the toxic is gone at once. */
  remove(toxic: Toxic): void {
    const entry = this.#find(toxic)
    if (entry === undefined) return
    entry.removed = true
    entry.stub.remove(() => {
      this.#entries.splice(this.#entries.indexOf(entry), 1)
      this.#rewire()
    })
  }

  /** The sink takes more again. */
  resume(): void {
    this.#room(this.#entries.length)
  }

  /** Everything held is lost. */
  destroy(): void {
    for (const { stub } of this.#entries) stub.destroy()
  }

  #find(toxic: Toxic): Entry | undefined {
    return this.#entries.find((entry) => entry.toxic === toxic && !entry.removed)
  }

  /** There is room at this place: what is before it may go on. */
  #room(index: number): void {
    const before = this.#entries[index - 1]
    if (before !== undefined) before.stub.advance()
    else if (!this.full) this.onRoom()
  }

  /** A toxic ended the stream: what is before it can't arrive any more. */
  #closed(index: number, toxic: Toxic): void {
    for (const { stub } of this.#entries.slice(0, index)) stub.destroy()
    this.onClose(toxic)
  }

  /** Every place may have more room than before: those nearest to the sink go first. */
  #rewire(): void {
    this.#first = this.#entries[0]?.stub ?? this.#sink
    for (const [index, { toxic, stub }] of this.#entries.entries()) {
      stub.next = this.#entries[index + 1]?.stub ?? this.#sink
      stub.onRoom = () => this.#room(index)
      stub.onClose = () => this.#closed(index, toxic)
    }
    for (let index = this.#entries.length; index >= 0; index--) this.#room(index)
  }
}
