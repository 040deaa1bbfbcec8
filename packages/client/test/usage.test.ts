import { afterAll, describe, expect, test } from 'vitest'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** What needs no restaurant: help, schedules and wrong usage, as real processes. */
const { home, remove } = temporaryHome()
const workshop = workshopIn(home)
afterAll(remove)

const STACK = /\n\s+at |node:internal|Error:/

test('help lists every command', async () => {
  const { code, stdout } = await workshop.run('--help')
  expect(code).toBe(0)
  for (const name of ['battery', 'demo', 'trace', 'chaos', 'up', 'down', 'status', 'doctor', 'exercise'])
    expect(stdout).toContain(`  ${name}`)
})

test('the same seed prints the same schedule, byte for byte, for people and as JSON', async () => {
  const args = ['battery', 'complete', '--seed', '7', '--dry-run']
  const [first, second] = await Promise.all([workshop.run(...args), workshop.run(...args)])
  expect(first.code).toBe(0)
  expect(first.stdout).toContain('seed 7')
  expect(second.stdout).toBe(first.stdout)
  const json = await workshop.run(...args, '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ battery: 'complete', seed: 7, dryRun: true })
  expect(json.stdout).toBe((await workshop.run(...args, '--json')).stdout)
})

test('disrupt --dry-run disturbs nothing, and is the same for the same seed', async () => {
  const args = ['disrupt', '--every', '10s', '--for', '10s', '--dry-run', '--json', '--seed']
  const [first, again, other] = await Promise.all(['7', '7', '8'].map((seed) => workshop.run(...args, seed)))
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(again?.stdout).toBe(first?.stdout)
  const { seed, dryRun, disruptions } = JSON.parse(first?.stdout ?? '')
  expect({ seed, dryRun }).toEqual({ seed: 7, dryRun: true })
  expect(disruptions).toHaveLength(10)
  for (const each of disruptions) {
    expect(['order', 'menu', 'loyalty', 'postgres']).toContain(each.target)
    expect(each.duration).toBe(each.kind === 'restart' ? 0 : 10_000)
    expect(each.after).toBeGreaterThanOrEqual(5_000)
    expect(each.after).toBeLessThanOrEqual(15_000)
  }
  expect(JSON.parse(other?.stdout ?? '').disruptions).not.toEqual(disruptions)
})

describe('wrong usage ends with 2, says what to do, and shows no stack', () => {
  test.each([
    [['battery', 'complte'], /There is no battery "complte"[\s\S]*Did you mean "complete"\?/],
    [['battery', 'complete', '--seed', 'x'], /"x" is no seed[\s\S]*--seed 7/],
    [['battery', 'complete', '--order', 'no/such.ts'], /There is no file no\/such\.ts[\s\S]*solution:12-game-day/],
    [['batery', 'complete'], /Unknown command 'batery'[\s\S]*Did you mean battery\?/],
    [['battery', 'complete', '--sed', '7'], /Unknown option '--sed'[\s\S]*Did you mean --seed\?/],
    [['battery', 'single', '--port-base', '99999'], /"99999" is no port/],
    [['trace'], /no run yet/],
    [['chaos', 'list'], /No restaurant runs[\s\S]*pnpm workshop up/],
  ])('%j', async (args, says) => {
    const { code, stdout, stderr } = await workshop.run(...args)
    expect(stdout + stderr).toMatch(says)
    expect(stdout + stderr).not.toMatch(STACK)
    expect(code).toBe(2)
  })
})

test('with --json a mistake is one object too', async () => {
  const { code, stdout } = await workshop.run('battery', 'nothing', '--json')
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', remedy: [expect.stringContaining('complete')] } })
})

test('where nothing runs, status and down say so', async () => {
  expect(await workshop.run('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('No restaurant runs') })
  expect(await workshop.run('down')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No restaurant was running'),
  })
})
