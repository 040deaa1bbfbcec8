import { Toxic } from '../../src/proxy/toxic.ts'
import { randomFor } from '../../src/random.ts'
import { Chain } from '../../src/stream/chain.ts'
import { Stub } from '../../src/stream/stub.ts'
import type { Chunk } from '../../src/toxics/effect.ts'
import { kindOf } from '../../src/toxics/registry.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A chain of toxics without sockets, on a virtual clock: given chunks, what comes out and when. */
export class BenchTop {
  readonly clock = new VirtualClock()
  readonly chain: Chain
  /** The toxics in the order added, and their stubs. */
  readonly toxics: Toxic[] = []
  readonly stubs: Stub[] = []
  /** What came out: moment and text; `END` is the end of the stream. */
  readonly out: string[] = []
  full = false

  constructor(...toxics: readonly (readonly [type: string, attributes?: Record<string, number>])[]) {
    const bench = this
    this.chain = new Chain({
      get full() {
        return bench.full
      },
      push: ({ data }: Chunk) => this.out.push(`${round(this.clock.now())} ${data?.toString() ?? 'END'}`),
    })
    for (const [type, attributes] of toxics) this.add(type, attributes)
  }

  add(type: string, attributes: Record<string, number> = {}): void {
    const kind = found(type)
    const toxic = new Toxic(type, kind, 'downstream', 'downstream', kind.settle(attributes), { toxicity: 1 })
    const stub = new Stub(kind, toxic.settled, this.clock, randomFor(1, type))
    this.toxics.push(toxic)
    this.stubs.push(stub)
    this.chain.insert(toxic, stub)
  }

  change(index: number, attributes: Record<string, number>): void {
    const toxic = this.toxics[index]!
    toxic.settled = toxic.kind.settle(attributes, toxic.settled.attributes)
    this.chain.change(toxic)
  }

  remove(index: number): void {
    const [toxic] = this.toxics.splice(index, 1)
    this.stubs.splice(index, 1)
    this.chain.remove(toxic!)
  }

  write(text: string): void {
    this.chain.push({ data: Buffer.from(text), at: this.clock.now() })
  }

  end(): void {
    this.chain.push({ data: undefined, at: this.clock.now() })
  }

  /** The reader takes more again. */
  drain(): void {
    this.full = false
    this.chain.resume()
  }
}

function found(type: string) {
  const kind = kindOf(type)
  if (kind === undefined) throw new Error(`No toxic ${type}`)
  return kind
}

const round = (time: number) => Math.round(time * 1000) / 1000
