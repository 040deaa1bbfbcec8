import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BenchTop } from '../support/bench-top.ts'
import { property } from '../support/property.ts'

const attributes: Record<string, fc.Arbitrary<Record<string, number>>> = {
  latency: fc.record({ latency: fc.nat(300), jitter: fc.nat(300) }),
  bandwidth: fc.record({ rate: fc.nat(3) }),
  slicer: fc.record({ average_size: fc.integer({ min: 2, max: 9 }), size_variation: fc.nat(2), delay: fc.nat(20_000) }),
  slow_close: fc.record({ delay: fc.nat(300) }),
  noop: fc.constant({}),
}
const closing: Record<string, fc.Arbitrary<Record<string, number>>> = {
  timeout: fc.record({ timeout: fc.nat(300) }),
  reset_peer: fc.record({ timeout: fc.nat(300) }),
  limit_data: fc.record({ bytes: fc.nat(200) }),
}

const toxicOf = (kinds: typeof attributes) =>
  fc.constantFrom(...Object.keys(kinds)).chain((type) => kinds[type]!.map((values) => ({ type, values })))

const stepOf = (kinds: typeof attributes) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.nat(60).map((length) => ({ act: 'write', length }) as const) },
    { weight: 3, arbitrary: fc.nat(200).map((ms) => ({ act: 'wait', ms }) as const) },
    { weight: 2, arbitrary: toxicOf(kinds).map((toxic) => ({ act: 'add', ...toxic }) as const) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('change' as const), pick: fc.nat(), seed: fc.nat() }) },
    { weight: 1, arbitrary: fc.nat().map((pick) => ({ act: 'remove', pick }) as const) },
    { weight: 1, arbitrary: fc.boolean().map((full) => ({ act: 'reader', full }) as const) },
  )

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer Value> ? Value : never

/** Runs the steps, then removes every toxic with the reader reading, and says what was sent and what arrived. */
function run(steps: readonly Step[]) {
  const bench = new BenchTop()
  let sent = ''
  for (const step of steps) {
    if (step.act === 'write') {
      const text = Array.from({ length: step.length }, (_, index) =>
        String.fromCharCode(97 + ((sent.length + index) % 26)),
      )
      // As a link does: nothing is written while there is no room.
      if (bench.chain.full || step.length === 0) continue
      sent += text.join('')
      bench.write(text.join(''))
    } else if (step.act === 'wait') bench.clock.advance(step.ms)
    else if (step.act === 'add') bench.add(step.type, step.values)
    else if (step.act === 'reader') {
      if (step.full) bench.full = true
      else bench.drain()
    } else if (bench.toxics.length > 0) {
      const index = step.pick % bench.toxics.length
      if (step.act === 'remove') bench.remove(index)
      else
        bench.change(
          index,
          fc.sample(anyAttributes(bench.toxics[index]!.kind.type), { numRuns: 1, seed: step.seed })[0]!,
        )
    }
  }
  bench.drain()
  while (bench.toxics.length > 0) bench.remove(0)
  bench.clock.advance(100_000)
  const pieces = bench.out.map((line) => line.slice(line.indexOf(' ') + 1))
  return {
    bench,
    sent,
    arrived: pieces.filter((piece) => piece !== 'END').join(''),
    ended: pieces.includes('END'),
    pieces,
  }
}

const anyAttributes = (type: string) => ({ ...attributes, ...closing })[type]!

test('through toxics that only delay or cut, added, changed and removed at any moment, every byte arrives in order', () => {
  property(
    fc.property(fc.array(stepOf(attributes), { maxLength: 60 }), (steps) => {
      const { bench, sent, arrived, ended } = run(steps)
      expect(arrived).toBe(sent)
      expect([ended, bench.chain.held, bench.clock.pending]).toEqual([false, 0, 0])
    }),
    400,
  )
})

test('with toxics that close among them, what arrives is a prefix, and whole unless something closed', () => {
  const kinds = { ...attributes, reset_peer: closing.reset_peer!, limit_data: closing.limit_data! }
  property(
    fc.property(fc.array(stepOf(kinds), { maxLength: 60 }), (steps) => {
      const { bench, sent, arrived, ended, pieces } = run(steps)
      expect(sent.startsWith(arrived)).toBe(true)
      if (!ended) expect(arrived).toBe(sent)
      else expect(pieces.indexOf('END')).toBe(pieces.length - 1)
      expect([bench.chain.held, bench.clock.pending]).toEqual([0, 0])
    }),
    400,
  )
})
