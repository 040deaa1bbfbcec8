import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepRun, lastRun } from '../src/report/runs.ts'
import { verdictToJson } from '../src/report/to-json.ts'
import { verdictAt } from './support/verdict.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kitchen-reports-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

test('the JSON has money with two decimals, whole ids, milliseconds, and null for what is not there', () => {
  const json = verdictToJson(verdictAt(new Date(0)))
  expect(JSON.parse(JSON.stringify(json))).toEqual(json)
  expect(json).toMatchObject({ battery: 'complete', seed: 7, stage: 'embedded', passed: false, ms: 9_000 })
  expect(json.orders[0]).toMatchObject({
    orderId: null,
    amount: null,
    placed: false,
    gaveUp: 'answered 503',
    attempts: 1,
  })
  expect(json.orders[1]).toMatchObject({ orderId: 'order-2', amount: 19.8, discountPercentage: 1, traceUrl: null })
  expect(json.invariants).toEqual([
    {
      name: 'every order placed',
      passed: false,
      measured: 5,
      limit: 6,
      unit: 'orders',
      why: 'Order 1 is lost.',
      order: 1,
    },
    { name: 'slowest order', passed: true, measured: 200, limit: 1_000, unit: 'ms', why: null },
  ])
  for (const { kind, target, from, to } of json.faults) {
    expect([typeof kind, typeof target]).toEqual(['string', 'string'])
    expect([from, to]).toEqual([10, 21])
  }
})

test('the last run is found, whatever lies beside it', async () => {
  expect(await lastRun(home)).toBeUndefined()
  await keepRun(home, verdictAt(new Date('2026-11-26T10:00:00Z'), 1))
  const file = await keepRun(home, verdictAt(new Date('2026-11-26T11:00:00Z'), 2))
  expect(JSON.parse(readFileSync(file, 'utf8')).seed).toBe(2)
  for (const [name, text] of [
    ['2026-11-26T12-00-00-000Z-complete-3', '{"half a rep'],
    ['2026-11-26T13-00-00-000Z-complete-4', '{}'],
  ] as const) {
    mkdirSync(join(home, 'runs', name))
    writeFileSync(join(home, 'runs', name, 'report.json'), text)
  }
  expect(await lastRun(home)).toMatchObject({ battery: 'complete', seed: 2 })
})

test('the fifty newest runs are kept', async () => {
  for (let minute = 0; minute < 53; minute++)
    await keepRun(home, verdictAt(new Date(Date.UTC(2026, 10, 26, 10, minute)), minute))
  const names = readdirSync(join(home, 'runs')).sort()
  expect(names).toHaveLength(50)
  expect(names[0]).toContain('T10-03-')
  expect(await lastRun(home)).toMatchObject({ seed: 52 })
})
