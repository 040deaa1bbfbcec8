import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { exercises } from '../src/exercises/index.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** What needs no restaurant: hint, diff, reset, solution and list, as real processes on a copy of the exercises. */
const { home, remove } = temporaryHome()
const folder = mkdtempSync(join(tmpdir(), 'kitchen-commands-'))
process.env.KITCHEN_WORKSPACE = folder
const workshop = workshopIn(home)
const mine = join(folder, 'exercises/01-baseline/place-order.ts')
const solution = join(folder, 'solutions/01-baseline/place-order.ts')
const shipped = readFileSync(join(REPOSITORY, 'exercises/01-baseline/place-order.ts'), 'utf8')

beforeEach(() => {
  for (const part of ['exercises', 'solutions'])
    cpSync(join(REPOSITORY, part, '01-baseline'), join(folder, part, '01-baseline'), { recursive: true })
  rmSync(join(home, 'progress.json'), { force: true })
})
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true, force: true })
})

const pass = () =>
  writeFileSync(
    join(home, 'progress.json'),
    JSON.stringify({ version: 1, exercises: { '01-baseline': { passedAt: '2026-11-26T19:00:00Z' } } }),
  )

test('list tells which are passed', async () => {
  pass()
  const { code, stdout } = await workshop.run('list')
  expect(code).toBe(0)
  expect(stdout).toMatch(/✓ 01 baseline/)
  expect(stdout).toMatch(/· 02 timeout/)
  const json = JSON.parse((await workshop.run('list', '--json')).stdout)
  expect(json).toMatchObject({ passed: 1, of: exercises.length })
})

test('hint goes a level further each time, and --level shows a certain one', async () => {
  const level = async (...args: string[]) =>
    /hint (\d) of 3/.exec((await workshop.run('hint', '1', ...args)).stdout)?.[1]
  expect([await level(), await level(), await level('--level', '1'), await level(), await level()]).toEqual([
    ...['1', '2', '1', '3', '3'],
  ])
})

describe('the solution', () => {
  test('is kept back until it is passed, or somebody insists', async () => {
    const kept = await workshop.run('solution', '01')
    expect(kept.code).toBe(2)
    expect(kept.stdout).toMatch(/not passed yet[\s\S]*--yes/)
    expect(kept.stdout).not.toContain('defineOrderService')
    expect((await workshop.run('diff', '01')).code).toBe(2)
    expect((await workshop.run('solution', '01', '--yes')).stdout).toContain('defineOrderService')
    pass()
    expect((await workshop.run('solution', '01')).stdout).toContain('Promise.all')
    expect((await workshop.run('diff', '01')).stdout).toMatch(/- your file {3}\+ solution/)
  })

  test('is applied over a file that is kept', async () => {
    writeFileSync(mine, 'an hour of work\n')
    const { stdout } = await workshop.run('solution', '01', '--apply', '--yes')
    const backup = /kept in (\S+)/.exec(stdout)?.[1] ?? ''
    expect(readFileSync(backup, 'utf8')).toBe('an hour of work\n')
    expect(readFileSync(mine, 'utf8')).toBe(readFileSync(solution, 'utf8'))
  })

  test('stands beside the own file on a page', async () => {
    const { stdout } = await workshop.run('diff', '01', '--web', '--yes')
    const page = stdout.trim()
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8')).toContain('Your file and the solution')
  })
})

describe('wrong usage ends with 2 and says what to do', () => {
  test.each([
    [['exercise', '99'], /There is no exercise "99"[\s\S]*Choose one of: 01-baseline/],
    [['exercise', '01', '--seed', 'x'], /"x" is no seed/],
    [['exercise', '01', '--name', 'Ada'], /A scoreboard needs an address and a name/],
    [['hint', '01', '--level', '4'], /"4" is no level/],
    [['reset'], /Which exercise\?[\s\S]*--all/],
    [['reset', '01', '--all'], /One exercise or all of them\?/],
    [['reset', '01'], /as it was handed out is not to be found/],
  ])('%j', async (args, says) => {
    writeFileSync(mine, `${shipped}// mine\n`)
    const { code, stdout, stderr } = await workshop.run(...args)
    expect(stdout + stderr).toMatch(says)
    expect(stdout + stderr).not.toMatch(/\n\s+at |node:internal/)
    expect(code).toBe(2)
    expect(readFileSync(mine, 'utf8')).toBe(`${shipped}// mine\n`)
  })
})
