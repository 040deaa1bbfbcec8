import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StageError } from '@chaos-kitchen/kitchen'
import { afterAll, describe, expect, test } from 'vitest'
import { choose } from '../src/cli/choose.ts'
import { EXIT, Interrupted, UsageError } from '../src/cli/errors.ts'
import { nearest } from '../src/cli/near.ts'
import { parseDuration, parsePort, parseSeed } from '../src/cli/numbers.ts'
import { chooseOrderService } from '../src/cli/order-service.ts'
import { errorToJson, exitCodeOf } from '../src/cli/report-error.ts'
import { REPOSITORY } from '../src/cli/repository.ts'
import { resolveTrace } from '../src/commands/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'kitchen-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('near names', () => {
  const names = ['single', 'half', 'complete', 'rush-hour']
  test.each([
    ['complte', 'complete'],
    ['compelte', 'complete'],
    ['Half', 'half'],
    ['rush', 'rush-hour'],
    ['singel', 'single'],
  ])('%s means %s', (typed, meant) => expect(nearest(typed, names)).toBe(meant))

  test('what is near nothing is taken for nothing', () => expect(nearest('quarter-past', names)).toBeUndefined())

  test('a wrong name lists the right ones', () => {
    const batteries = names.map((name) => ({ name }))
    expect(() => choose('battery', 'xyz', batteries)).toThrow(UsageError)
    expect(choose('battery', 'half', batteries)).toEqual({ name: 'half' })
  })
})

describe('numbers', () => {
  test.each(['0', '7', '4294967295'])('%s is a seed', (text) => expect(parseSeed(text)).toBe(Number(text)))
  test.each(['', '-1', '1.5', '1e3', 'x', '4294967296', ' 7'])('"%s" is none', (text) =>
    expect(() => parseSeed(text)).toThrow(UsageError),
  )
  test.each([
    ['500', 500],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['2m', 120_000],
  ])('%s lasts %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms))
  test.each(['', 's', '5h', '-1s'])('"%s" lasts nothing', (text) =>
    expect(() => parseDuration(text)).toThrow(UsageError),
  )
  test.each(['-1', '65001', 'http'])('"%s" is no port', (text) => expect(() => parsePort(text)).toThrow(UsageError))
})

describe('order services', () => {
  test('an id may be cut to its number', () => {
    expect(chooseOrderService('solution:12', REPOSITORY)).toEqual(
      chooseOrderService('solution:12-game-day', REPOSITORY),
    )
  })

  test('a file is taken as it is', () => {
    const file = join(folder, 'mine.ts')
    writeFileSync(file, '')
    expect(chooseOrderService(file, REPOSITORY)).toEqual({ label: file, file })
  })

  test.each(['no/such/file.ts', folder, 'solution:99', 'exercise:', 'solution:'])('%s is none', (text) =>
    expect(() => chooseOrderService(text, folder)).toThrow(UsageError),
  )
})

test('exit codes tell wrong usage, a file that cannot be loaded, a stage that cannot run, and a signal apart', () => {
  const text = { what: 'a', meaning: 'b', remedy: ['c'] }
  expect(exitCodeOf(new UsageError('no'))).toBe(EXIT.usage)
  expect(exitCodeOf(new StageError('no-postgres', text))).toBe(EXIT.stage)
  expect(exitCodeOf(new StageError('syntax', text, { file: 'place-order.ts', line: 3 }))).toBe(EXIT.usage)
  expect(exitCodeOf(new Error('defect'))).toBe(EXIT.stage)
  expect(exitCodeOf(new Interrupted('SIGINT'))).toBe(130)
  expect(exitCodeOf(new Interrupted('SIGTERM'))).toBe(143)
  expect(errorToJson(new StageError('syntax', text, { file: 'place-order.ts', line: 3 }))).toEqual({
    error: { code: 'syntax', what: 'a', meaning: 'b', remedy: ['c'], place: 'place-order.ts:3' },
  })
})

describe('a trace to look up', () => {
  const run = {
    battery: 'complete',
    seed: 7,
    orders: [
      { number: 1, traceId: 'a'.repeat(32), ms: 200 },
      { number: 2, traceId: 'b'.repeat(32), ms: 900 },
    ],
  }
  test('is the slowest of the last run', () =>
    expect(resolveTrace(undefined, run)).toEqual({ traceId: 'b'.repeat(32), order: 2 }))
  test('may be an order of it', () => expect(resolveTrace('1', run)).toEqual({ traceId: 'a'.repeat(32), order: 1 }))
  test('without a run the number of an order is told so', () =>
    expect(() => resolveTrace('1', undefined)).toThrow('There is no run yet whose order 1 could be shown.'))
  test('or a beginning', () => expect(resolveTrace('bbbb', run)).toMatchObject({ order: 2 }))
  test('or any whole id', () => expect(resolveTrace('C'.repeat(32), undefined)).toEqual({ traceId: 'c'.repeat(32) }))
  test.each(['zz', '99', 'b'])('%s is none', (id) => expect(() => resolveTrace(id, run)).toThrow(UsageError))
  test('before the first run there is none', () => expect(() => resolveTrace(undefined, undefined)).toThrow(UsageError))
})

test('what nobody expected is told without a stack, and ends with 3', () => {
  const module = join(REPOSITORY, 'packages/client/src/cli/last-resort.ts')
  const script = `import { catchTheUnexpected } from ${JSON.stringify(module)}; catchTheUnexpected(); Promise.reject(new Error('boom'))`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).toContain('Something failed that should not: boom')
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(status).toBe(3)
})
