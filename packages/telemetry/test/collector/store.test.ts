import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DISK_LIMITS, type Limits } from '../../src/collector/store/limits.ts'
import { Store } from '../../src/collector/store/store.ts'
import { Tables } from '../../src/collector/store/tables.ts'
import type { Fault, Span } from '../../src/trace.ts'
import { span } from '../support/sample-trace.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-store-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const SMALL: Limits = { ...DISK_LIMITS, spans: 50, spansPerTrace: 20, logs: 30, series: 10, faults: 5 }
const ALL = { limit: 1_000, slowest: false, since: 0 }

const idOf = (number: number) => (number + 1).toString(16).padStart(32, '0')

function spansOf(trace: number, count: number, offset = 0): Span[] {
  return Array.from({ length: count }, (_, index) => ({
    ...span({ at: trace * 10, ms: 5 }),
    traceId: idOf(trace),
    spanId: (offset + index + 1).toString(16).padStart(16, '0'),
  }))
}

test('whatever arrives: the bound holds, whole traces go, and what came last is there', () => {
  const batch = fc.record({
    trace: fc.nat({ max: 12 }),
    count: fc.integer({ min: 1, max: 15 }),
    offset: fc.nat({ max: 30 }),
  })
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 60 }), (batches) => {
      const tables = new Tables(':memory:', SMALL)
      /** What each trace has been sent since it was last seen to be gone. */
      const sent = new Map<number, Set<string>>()
      for (const { trace, count, offset } of batches) {
        const spans = spansOf(trace, count, offset)
        tables.addSpans(spans)
        const ids = sent.get(trace) ?? new Set<string>()
        sent.set(trace, ids)
        for (const { spanId } of spans) if (ids.size < SMALL.spansPerTrace) ids.add(spanId)
        let stored = 0
        for (const [number, expected] of sent) {
          const found = new Set(tables.spansOf(idOf(number)).map((item) => item.spanId))
          stored += found.size
          if (found.size === 0) sent.delete(number)
          else expect(found).toEqual(expected)
        }
        expect(sent.has(trace)).toBe(true)
        expect(stored).toBeLessThanOrEqual(SMALL.spans)
        expect(tables.spanCount).toBe(stored)
        expect(tables.traces(ALL).reduce((sum, item) => sum + item.spans, 0)).toBe(stored)
      }
      tables.close()
    }),
    { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 60 },
  )
})

test('logs, series and faults are bounded too, the newest stay', () => {
  const tables = new Tables(':memory:', SMALL)
  const log = { traceId: idOf(1), service: 'order', severity: 'info', attributes: {} }
  for (let time = 0; time < 100; time++) {
    tables.addLogs([{ ...log, time, body: `line ${time}` }])
    tables.putFault(fault(`f${time}`, time, time + 1))
    tables.addMetrics([
      { name: `m${time}`, unit: '', type: 'gauge', service: 'order', attributes: {}, time, value: time },
    ])
  }
  expect(tables.logsOf(idOf(1), 1_000).map((item) => item.time)).toEqual(Array.from({ length: 30 }, (_, i) => 70 + i))
  expect(tables.faultsBetween(0, 1_000).map((item) => item.id)).toEqual(['f95', 'f96', 'f97', 'f98', 'f99'])
  expect(tables.metrics().map((item) => item.value)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99])
  tables.close()
})

test('the list: newest or slowest first, named by the root even when it comes last', () => {
  const store = new Store({ path: ':memory:' })
  const [child] = spansOf(1, 1)
  store.addSpans([{ ...child!, parentSpanId: 'ffffffffffffffff', name: 'inner' }])
  expect(store.traces(ALL)).toMatchObject([{ name: 'inner' }])
  store.addSpans([{ ...child!, spanId: 'ffffffffffffffff', name: 'place order', service: 'client', duration: 80 }])
  store.addSpans(spansOf(2, 3).map((item) => ({ ...item, status: 'error' as const })))
  expect(store.traces(ALL)).toMatchObject([
    { traceId: idOf(2), spans: 3, errors: 3 },
    { traceId: idOf(1), name: 'place order', service: 'client', duration: 80, spans: 2 },
  ])
  expect(store.traces({ ...ALL, slowest: true, limit: 1 })).toMatchObject([{ traceId: idOf(1) }])
  store.close()
})

test('faults of a trace are those that overlap it, also one that lasts', () => {
  const store = new Store({ path: ':memory:' })
  const [item] = spansOf(1, 1)
  store.addSpans([item!])
  const { start } = item!
  store.putFault(fault('before', start - 20, start - 10))
  store.putFault(fault('into', start - 20, start + 1))
  store.putFault({ ...fault('lasting', start + 2, 0), to: undefined as never })
  store.putFault(fault('after', start + 6, start + 9))
  expect(store.trace(idOf(1))?.faults.map((one) => one.id)).toEqual(['into', 'lasting'])
  store.putFault(fault('lasting', start - 9, start - 8))
  expect(store.trace(idOf(1))?.faults.map((one) => one.id)).toEqual(['into'])
  store.close()
})

test('what was stored is there after a restart', () => {
  const path = join(folder, 'traces.sqlite')
  const first = new Store({ path })
  first.addSpans(spansOf(1, 3))
  first.close()
  const second = new Store({ path })
  expect(second.trace(idOf(1))?.spans).toHaveLength(3)
  expect(second.spanCount).toBe(3)
  second.close()
})

test('a file that is no database is replaced', () => {
  const path = join(folder, 'traces.sqlite')
  writeFileSync(path, 'this is not a database, it is a text that is long enough to be looked at as one'.repeat(50))
  const store = new Store({ path })
  store.addSpans(spansOf(1, 3))
  expect(store.state).toBe('disk')
  expect(store.trace(idOf(1))?.spans).toHaveLength(3)
  store.close()
})

test('a file that has reached its size makes room for the newest', () => {
  const told: string[] = []
  const path = join(folder, 'traces.sqlite')
  const store = new Store({ path, limits: { ...DISK_LIMITS, bytes: 512 * 1024 }, onDisk: (state) => told.push(state) })
  for (let trace = 0; trace < 60; trace++) store.addSpans(padded(spansOf(trace, 20), 2_000))
  expect(store.state).toBe('disk')
  expect(told).toEqual([])
  expect(store.trace(idOf(59))?.spans).toHaveLength(20)
  expect(store.trace(idOf(0))).toBeUndefined()
  store.close()
})

test('a disk that can not be written: goes on in memory, says so once, brings it back later', async () => {
  const told: string[] = []
  const path = join(folder, 'not-there', 'traces.sqlite')
  const store = new Store({ path, onDisk: (state) => told.push(state), retryAfter: 20 })
  store.addSpans(spansOf(1, 2))
  store.addSpans(spansOf(1, 2, 2))
  store.putFault(fault('f1', 0, 1))
  expect(store.state).toBe('memory')
  expect(told).toEqual(['lost'])
  expect(store.trace(idOf(1))?.spans).toHaveLength(4)

  const { mkdirSync } = await import('node:fs')
  mkdirSync(join(folder, 'not-there'))
  await new Promise((resolve) => setTimeout(resolve, 40))
  store.addSpans(spansOf(2, 1))
  expect(told).toEqual(['lost', 'back'])
  expect(store.state).toBe('disk')
  store.close()
  const again = new Store({ path })
  expect(again.trace(idOf(1))?.spans).toHaveLength(4)
  expect(again.trace(idOf(2))?.spans).toHaveLength(1)
  expect(again.fault('f1')).toMatchObject({ id: 'f1' })
  again.close()
})

function fault(id: string, from: number, to: number): Fault {
  return { id, kind: 'latency', target: 'order-menu', from, to, label: 'latency 1 s' }
}

function padded(spans: Span[], bytes: number): Span[] {
  return spans.map((item) => ({ ...item, attributes: { padding: 'x'.repeat(bytes) } }))
}
