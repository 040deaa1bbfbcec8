import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { type Fault, renderWaterfall, type Span } from '../src/index.ts'
import { START, sampleFaults, sampleTrace, span, TRACE_ID } from './support/sample-trace.ts'

test('an order whose first reply was lost', () => {
  const shown = renderWaterfall(sampleTrace(), sampleFaults(), { label: 'order 2' })
  expect(`\n${shown}\n`).toBe(`
 9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7          order 2 · 2.94 s · 21 spans, 1 failed

 client   place order                      ├─────────────────────┤  2.94 s
 client     POST /orders, attempt 1        ├──────✗                 1.00 s  lost
 order        POST /orders                 ├──┤                     0.41 s  201
 menu           GET /items/burger          │                        0.03 s  200
 postgres         SELECT items             │                        0.01 s
 loyalty        GET /custo…b8c1e…/discount ├┤                       0.12 s  200
 postgres         SELECT recordings        ├┤                       0.10 s
 postgres       INSERT orders               │                       0.02 s
 postgres       INSERT order_items          │                       9.0 ms
 client     POST /orders, attempt 2                ├─────────────┤  1.80 s  201
 order        POST /orders                               ├───┤      0.41 s  201
 menu           GET /items/burger                         │         0.03 s  200
 postgres         SELECT items                            │         0.01 s
 loyalty        GET /custo…b8c1e…/discount                ├┤        0.12 s  200
 postgres         SELECT recordings                       ├┤        0.10 s
 postgres       INSERT orders                              │        0.02 s
 postgres       INSERT order_items                         │        9.0 ms
 fault    reply lost, order → client       ▒▒▒▒▒▒▒▒                 1.21 s
 fault    latency 700 ms                           ▒▒▒▒▒▒▒          0.80 s
 4 spans folded: nothing to see in them at this width
`)
})

test('with ASCII alone, and cut in the middle when it is too high', () => {
  const trace = { ...sampleTrace(), faults: [] }
  const shown = renderWaterfall(trace, trace.faults, { ascii: true, height: 12 })
  expect(`\n${shown}\n`).toBe(`
 9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7                    2.94 s - 21 spans, 1 failed

 client   place order               |----------------------------|  2.94 s
 client     POST /orders, attempt 1 |---------x                     1.00 s  lost
 order        POST /orders          |---|                           0.41 s  201
 menu           GET /items/burger   |                               0.03 s  200
 postgres         SELECT items      |                               0.01 s
 .. 10 spans cut here
 postgres       INSERT orders                            |          0.02 s
 postgres       INSERT order_items                       |          9.0 ms
 4 spans folded: nothing to see in them at this width
`)
})

test('colour adds nothing but colour', () => {
  const coloured = renderWaterfall(sampleTrace(), sampleFaults(), { colour: true })
  expect(coloured).toContain('\u001b[31m')
  expect(stripVTControlCharacters(coloured)).toBe(renderWaterfall(sampleTrace(), sampleFaults()))
})

test('a call that took longer on its way than at the server shows both', () => {
  const client = span({
    name: 'GET',
    kind: 'client',
    at: 0,
    ms: 1_000,
    attributes: { 'http.response.status_code': 200 },
  })
  const server = span({ parentSpanId: client.spanId, service: 'menu', name: 'GET /x', kind: 'server', at: 900, ms: 50 })
  const shown = renderWaterfall({ traceId: TRACE_ID, spans: [client, server], faults: [] }, [])
  expect(shown).toMatch(/order +GET .*\n menu +GET/)
})

test('a reply that broke off is lost, whatever its status said; a client that went is no failure', () => {
  const attributes = { 'http.response.status_code': 200, 'error.type': 'UND_ERR_SOCKET' }
  const broken = span({ kind: 'client', at: 0, ms: 10, status: 'error', attributes })
  const left = span({
    kind: 'server',
    at: 1,
    ms: 8,
    attributes: { ...attributes, 'error.type': 'ClientClosedRequest' },
  })
  const shown = renderWaterfall({ traceId: TRACE_ID, spans: [broken, left], faults: [] }, [])
  expect(shown).toMatch(/✗.* lost$/m)
  expect(shown).toMatch(/┤.* client gone$/m)
  expect(shown).toContain('1 failed')
})

test.each([
  ['TimeoutError', 'timeout'],
  ['AbortError', 'cancelled'],
  ['ECONNREFUSED', 'refused'],
  ['UND_ERR_SOCKET', 'lost'],
  ['SomethingElse', 'failed'],
])('%s is called %s', (type, word) => {
  const failed = span({ kind: 'client', at: 0, ms: 10, status: 'error', attributes: { 'error.type': type } })
  expect(renderWaterfall({ traceId: TRACE_ID, spans: [failed], faults: [] }, [])).toMatch(
    new RegExp(`✗.* ${word}$`, 'm'),
  )
})

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 90 }),
  fc.constantFrom('GET', 'POST /orders', '汉字の名前'),
)

const anySpan: fc.Arbitrary<Span> = fc
  .record({
    spanId: fc.integer({ min: 1, max: 60 }),
    parent: fc.option(fc.integer({ min: 1, max: 60 })),
    service: name,
    name,
    kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
    status: fc.constantFrom('unset', 'ok', 'error'),
    at: fc.double({ min: 0, max: 1e6, noNaN: true }),
    ms: fc.double({ min: 0, max: 1e7, noNaN: true }),
    code: fc.option(fc.oneof(fc.integer(), fc.string())),
    error: fc.option(fc.string({ maxLength: 60 })),
  })
  .map(({ spanId, parent, at, ms, code, error, ...rest }) => ({
    ...span({ at, ms }),
    ...rest,
    spanId: spanId.toString(16).padStart(16, '0'),
    ...(parent === null ? {} : { parentSpanId: parent.toString(16).padStart(16, '0') }),
    attributes: { 'http.response.status_code': code, 'error.type': error },
  }))

const anyFault: fc.Arbitrary<Fault> = fc
  .record({ from: fc.integer({ min: -1e6, max: 2e6 }), length: fc.option(fc.nat({ max: 1e7 })), label: name })
  .map(({ from, length, label }) => ({
    ...{ id: 'f', kind: 'latency', target: 'order-menu', label, from: START + from },
    ...(length === null ? {} : { to: START + from + length }),
  }))

test('whatever a trace holds: no line is wider or more than asked for, and nothing but text comes out', () => {
  fc.assert(
    fc.property(
      fc.array(anySpan, { minLength: 1, maxLength: 60 }),
      fc.array(anyFault, { maxLength: 12 }),
      fc.integer({ min: 60, max: 200 }),
      fc.integer({ min: 12, max: 60 }),
      fc.boolean(),
      (spans, faults, width, height, ascii) => {
        const trace = { traceId: TRACE_ID, spans, faults }
        const lines = renderWaterfall(trace, faults, { width, height, ascii, label: 'order 2' }).split('\n')
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
        }
        expect(lines.length).toBeLessThanOrEqual(height)
      },
    ),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 400 },
  )
})

test('attempts that look the same are one row, with a mark for each', () => {
  const root = span({ name: 'place order', service: 'client', at: 0, ms: 10_000 })
  const refused = Array.from({ length: 30 }, (_, index) => {
    const failure = { kind: 'client', status: 'error', statusMessage: 'refused: nothing listens' } as const
    const attributes = { attempt: index + 1 }
    const place = { service: 'client', name: 'POST /orders', parentSpanId: root.spanId }
    return span({ ...failure, ...place, at: 5_000 + index * 150, ms: 10, attributes })
  })
  const spans = [root, ...refused]
  const shown = renderWaterfall({ traceId: TRACE_ID, spans, faults: [] }, [])
  expect(`\n${shown}\n`).toBe(`
 9c1e07aa5d0b4c7e8f21a0b3c4d5e6f7                  10.00 s · 31 spans, 30 failed

 client place order               ├──────────────────────────┤  10.00 s
 client   POST /orders, attempt 1               ✗                0.01 s  refused
 client   … 29 more like it                     ✗✗✗✗✗✗✗✗✗✗✗✗✗    4.21 s  refused
`)
})

test('five thousand spans in one chain are no trouble', () => {
  const spans = Array.from({ length: 5_000 }, (_, index) => ({
    ...span({ at: index, ms: 5_000 - index, service: 'order' }),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    ...(index === 0 ? {} : { parentSpanId: index.toString(16).padStart(16, '0') }),
  }))
  const shown = renderWaterfall({ traceId: TRACE_ID, spans, faults: [] }, [], { height: 30 })
  expect(shown).toContain('spans cut here')
})
