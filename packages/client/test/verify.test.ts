import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { chooseExercise, exercises } from '../src/exercises/index.ts'
import { scheduleOf } from '../src/run/schedule-of.ts'
import type { Claim } from '../src/verify/claim.ts'
import { claimsOf, judge } from '../src/verify/claim.ts'
import { effectOf } from '../src/verify/effect.ts'
import { structureProblems } from '../src/verify/structure.ts'
import { perfectEvidence } from './support/outcomes.ts'

const timeout = chooseExercise('02')

describe('exercises', () => {
  test('are called by names of their own, in the order of the ladder', () => {
    const ids = exercises.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
  })
  test.each(exercises.map((exercise, index) => [exercise.id, exercise, exercises[index - 1]] as const))(
    '%s is whole',
    (_, exercise, before) => expect(structureProblems(exercise, REPOSITORY, before)).toEqual([]),
  )
})

describe('an exercise that is not whole is told so', () => {
  let copy: string
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'kitchen-structure-'))
    for (const folder of ['exercises/02-timeout', 'solutions/02-timeout', 'solutions/01-baseline'])
      cpSync(join(REPOSITORY, folder), join(copy, folder), { recursive: true })
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  const changed = (file: string, change: (text: string) => string) => {
    const path = join(copy, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, change(text))
    try {
      return structureProblems(timeout, copy, chooseExercise('01'))
    } finally {
      writeFileSync(path, text)
    }
  }
  const SHIPPED = 'exercises/02-timeout/place-order.ts'

  test('as it is, it is', () => expect(structureProblems(timeout, copy, chooseExercise('01'))).toEqual([]))
  test.each([
    [
      'a hint too few',
      'exercises/02-timeout/hints.md',
      (text: string) => text.replace(/^3\. .*\n/m, ''),
      /2 hints for/,
    ],
    ['no TODO', SHIPPED, (text: string) => text.replaceAll('TODO', ''), /holds no TODO/],
    ['too long', SHIPPED, (text: string) => text + 'x()\n'.repeat(120), /lines, more than 120/],
    ['other code than before', SHIPPED, (text: string) => `${text}\nexport const x = 1\n`, /in more than comments/],
    ['foreign imports', SHIPPED, (text: string) => `import 'pg'\n${text}`, /imports pg/],
    ['a section missing', 'exercises/02-timeout/README.md', (text: string) => text.replace('## Do', ''), /"Do"/],
  ])('%s', (_, file, change, problem) => expect(changed(file, change).join('\n')).toMatch(problem))

  test('mistakes that nobody registered, and those that are not there', () => {
    const [first, ...others] = timeout.mistakes
    const renamed = { ...timeout, mistakes: [{ ...first!, name: 'other' }, ...others] }
    expect(structureProblems(renamed, copy)).toEqual([
      'mistakes/other.ts is missing.',
      `mistakes/${first!.name}.ts is not registered.`,
    ])
    expect(structureProblems({ ...timeout, failsOn: ['nothing such'] }, copy)).toEqual([
      'There is no check "nothing such".',
    ])
    expect(structureProblems({ ...timeout, id: '99-nowhere' }, copy)).toContain(
      'exercises/99-nowhere/README.md is missing.',
    )
  })
})

describe('a claim', () => {
  const [shipped, solution, mistake] = claimsOf(timeout, REPOSITORY) as [Claim, Claim, Claim]
  const failing = (...names: string[]) => ({
    invariants: timeout.battery.invariants.map(({ name }) => ({
      ...{ name, passed: !names.includes(name), measured: 0, limit: 0, unit: '' },
    })),
  })
  test('of the exercise needs every intended failure, and allows others', () => {
    expect(judge(shipped, failing(...timeout.failsOn, 'every order placed'))).toMatchObject({ holds: true })
    expect(judge(shipped, failing(timeout.failsOn[0]!))).toMatchObject({
      holds: false,
      problem: `passed "${timeout.failsOn[1]}"`,
    })
  })
  test('of the solution allows none', () => {
    expect(judge(solution, failing())).toMatchObject({ holds: true })
    expect(judge(solution, failing('every order placed'))).toMatchObject({ holds: false })
  })
  test('of a mistake allows its own and what it explains', () => {
    expect(judge(mistake, failing(mistake.mustFail[0]!))).toMatchObject({ holds: true })
    expect(judge(mistake, failing(mistake.mustFail[0]!, 'every order placed'))).toMatchObject({
      holds: false,
      problem: 'failed "every order placed"',
    })
  })
})

describe('a fault', () => {
  const [fault] = scheduleOf(timeout.battery, 1)
  const calm = perfectEvidence()
  const on = [{ fault: fault!, from: 1_900, to: 4_900 }]
  const second = calm.orders[1]!
  const bitten = (change: object, faults = on) => ({
    ...calm,
    faults,
    orders: calm.orders.map((order) => (order === second ? { ...order, ...change } : order)),
  })

  test('that changes nothing does not bite', () =>
    expect(effectOf(fault!, calm, bitten({}))).toMatchObject({ bites: false }))
  test('bites by its delay, and not by less than half of it', () => {
    expect(effectOf(fault!, calm, bitten({ ms: 2_800 }))).toEqual({
      bites: true,
      shown: 'order 2: 0.20 s became 2.80 s',
    })
    expect(effectOf(fault!, calm, bitten({ ms: 1_200 }))).toMatchObject({ bites: false })
  })
  test('bites by further attempts, and by another answer', () => {
    const [attempt] = second.attempts
    const twice = { attempts: [attempt!, attempt!] }
    expect(effectOf(fault!, calm, bitten(twice)).shown).toBe('order 2: 1 became 2 attempts')
    const refused = { attempts: [{ ...attempt!, status: 503 }] }
    expect(effectOf(fault!, calm, bitten(refused)).shown).toBe('order 2: 201 became 503')
  })
  test('is not blamed for guests who were not there', () => {
    const later = [{ fault: fault!, from: 20_000, to: 21_000 }]
    expect(effectOf(fault!, calm, bitten({ ms: 2_800 }, later))).toMatchObject({ bites: false })
  })
  test('bites by further calls on behalf of an order, and by calls that fail while it is on', () => {
    const call = { method: 'GET', path: '/items/burger', from: 2_000, to: 2_010, status: 200 }
    const called = (...menu: object[]) => ({
      ...bitten({}),
      arrivals: { ...calm.arrivals, menu: menu.map((change) => ({ ...call, ...change })) },
    })
    const { traceId } = second
    expect(effectOf(fault!, calm, called({ traceId }, { traceId })).shown).toBe('order 2: 0 became 2 calls to menu')
    expect(effectOf(fault!, calm, called({ status: 503 })).shown).toBe('menu: 1 failed call meanwhile')
    expect(effectOf(fault!, calm, called({ to: 4_000 })).shown).toContain('its longest call of 0.00 s became 2.00 s')
    expect(effectOf(fault!, calm, called({ status: 503, from: 9_000, to: 9_010 }))).toMatchObject({ bites: false })
  })
})
