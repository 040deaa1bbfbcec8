import { randomFor } from '../../src/random.ts'
import type { Sink } from '../../src/stream/sink.ts'
import { Stub } from '../../src/stream/stub.ts'
import type { Chunk } from '../../src/toxics/effect.ts'
import { kindOf } from '../../src/toxics/registry.ts'
import { VirtualClock } from './virtual-clock.ts'

/** One toxic or several in a row, without sockets, on a virtual clock: given chunks, what comes out and when. */
export class BenchTop {
  readonly clock = new VirtualClock()
  readonly stubs: Stub[] = []
  /** What came out: moment and text; `END` is the end of the stream. */
  readonly out: string[] = []
  full = false
  readonly #sink: Sink

  constructor(...toxics: readonly (readonly [type: string, attributes?: Record<string, number>])[]) {
    const bench = this
    this.#sink = {
      get full() {
        return bench.full
      },
      push: ({ data }: Chunk) => this.out.push(`${round(this.clock.now())} ${data?.toString() ?? 'END'}`),
    }
    for (const [type, attributes] of toxics) this.add(type, attributes)
  }

  add(type: string, attributes: Record<string, number> = {}): Stub {
    const stub = new Stub(kind(type), kind(type).settle(attributes), this.clock, randomFor(1, type))
    this.stubs.push(stub)
    this.#wire()
    return stub
  }

  change(index: number, type: string, attributes: Record<string, number>): void {
    this.stubs[index]!.change(kind(type).settle(attributes))
  }

  remove(index: number): void {
    const stub = this.stubs[index]!
    stub.remove(() => {
      this.stubs.splice(this.stubs.indexOf(stub), 1)
      this.#wire()
    })
  }

  write(text: string): void {
    const chunk = { data: Buffer.from(text), at: this.clock.now() }
    if (this.stubs[0] === undefined) this.#sink.push(chunk)
    else this.stubs[0].push(chunk)
  }

  end(): void {
    this.stubs[0]!.push({ data: undefined, at: this.clock.now() })
  }

  /** The reader takes more again. */
  drain(): void {
    this.full = false
    this.stubs.at(-1)?.advance()
  }

  #wire(): void {
    for (const [index, stub] of this.stubs.entries()) {
      stub.next = this.stubs[index + 1] ?? this.#sink
      stub.onRoom = () => this.stubs[index - 1]?.advance()
    }
  }
}

function kind(type: string) {
  const found = kindOf(type)
  if (found === undefined) throw new Error(`No toxic ${type}`)
  return found
}

const round = (time: number) => Math.round(time * 1000) / 1000
