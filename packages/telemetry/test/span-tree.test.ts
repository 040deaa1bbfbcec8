import { expect, test } from 'vitest'
import { spanTree } from '../src/span-tree.ts'
import { span } from './support/sample-trace.ts'

const shape = (spans: Parameters<typeof spanTree>[0]) => spanTree(spans).map((row) => [row.span.name, row.depth])

test('parents before children, siblings by start', () => {
  const root = span({ name: 'root', at: 0, ms: 9 })
  const late = span({ name: 'late', parentSpanId: root.spanId, at: 5, ms: 1 })
  const early = span({ name: 'early', parentSpanId: root.spanId, at: 1, ms: 1 })
  const leaf = span({ name: 'leaf', parentSpanId: early.spanId, at: 2, ms: 1 })
  expect(shape([leaf, late, root, early])).toEqual([
    ['root', 0],
    ['early', 1],
    ['leaf', 2],
    ['late', 1],
  ])
})

test('a span whose parent never arrived stands as a root', () => {
  const orphan = span({ name: 'orphan', parentSpanId: 'ffffffffffffffff', at: 3, ms: 1 })
  const child = span({ name: 'child', parentSpanId: orphan.spanId, at: 4, ms: 1 })
  expect(shape([child, orphan])).toEqual([
    ['orphan', 0],
    ['child', 1],
  ])
})

test('a ring of parents loses nobody and ends', () => {
  const one = span({ name: 'one', at: 0, ms: 1 })
  const two = span({ name: 'two', parentSpanId: one.spanId, at: 1, ms: 1 })
  expect(shape([{ ...one, parentSpanId: two.spanId }, two])).toEqual([
    ['one', 0],
    ['two', 1],
  ])
})
