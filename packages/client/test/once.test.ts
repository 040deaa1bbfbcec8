import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

/** An exercise without a terminal, as in CI: one run, plain text, and an exit code. */
const { home, remove } = temporaryHome()
const folder = mkdtempSync(join(tmpdir(), 'kitchen-once-'))
process.env.KITCHEN_WORKSPACE = folder
const workshop = workshopIn(home)
const mine = join(folder, 'exercises/01-baseline/place-order.ts')
const LONG = 240_000

beforeAll(async () => {
  for (const part of ['exercises/01-baseline', 'solutions/01-baseline', 'package.json'])
    cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true })
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction')
  expect((await workshop.run('up', '--port-base', '0')).code).toBe(0)
}, LONG)
afterAll(async () => {
  await workshop.run('down')
  remove()
  rmSync(folder, { recursive: true, force: true })
}, LONG)

test('red ends with 1 and names what failed, the hint and the trace', { timeout: LONG }, async () => {
  const { code, stdout } = await workshop.run('exercise', '01')
  expect(stdout).toMatch(/Predict first: Each look-up/)
  expect(stdout).toMatch(/✗ look-ups run at once/)
  expect(stdout).toMatch(/pnpm workshop hint 01/)
  expect(stdout).toMatch(/trace {2}http:\/\/127\.0\.0\.1:\d+\/trace\/[0-9a-f]{32}/)
  expect(stdout).not.toContain('\u001b')
  expect(code).toBe(1)
})

test('a slip runs nothing, and is told with its place', { timeout: LONG }, async () => {
  const before = readFileSync(mine, 'utf8')
  writeFileSync(mine, `${before}const price: number = 'ten'\n`)
  const { code, stdout } = await workshop.run('exercise', '01', '--ascii')
  expect(stdout).toMatch(/FAIL Type 'string' is not assignable to type 'number'[\s\S]*place-order\.ts:\d+:7/)
  expect(stdout).not.toMatch(/hint 01/)
  expect(code).toBe(1)
})

test('green ends with 0, tells the scoreboard who passed what and nothing else, and leaves the checks for CI', {
  timeout: LONG,
}, async () => {
  const received: { route: string; headers: string[]; body: string }[] = []
  const board = createServer(async (request, response) => {
    const { method, url, headers } = request
    received.push({ route: `${method} ${url}`, headers: Object.keys(headers).sort(), body: await text(request) })
    response.writeHead(204).end()
  })
  await new Promise<void>((listening) => board.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void board.close())
  const { port } = board.address() as AddressInfo
  writeFileSync(mine, readFileSync(join(folder, 'solutions/01-baseline/place-order.ts')))
  const report = join(folder, 'checks.xml')
  const told = ['--scoreboard', `http://127.0.0.1:${port}`, '--name', '<b>Ada\u202e']
  const { code, stdout } = await workshop.run('exercise', '01', '--json', '--junit', report, ...told)
  const verdict: { invariants: { passed: boolean }[] } = JSON.parse(stdout)
  expect(verdict.invariants.filter(({ passed }) => !passed)).toEqual([])
  expect(verdict).toMatchObject({ battery: '01-baseline', passed: true, seed: 1 })
  expect(readFileSync(report, 'utf8')).toMatch(/<testsuite [^>]*failures="0"/)
  expect(code).toBe(0)
  expect(received).toEqual([
    {
      route: 'POST /passes',
      headers: ['connection', 'content-length', 'content-type', 'host'],
      body: JSON.stringify({ name: '<b>Ada', exercise: '01-baseline' }),
    },
  ])
  expect(JSON.parse((await workshop.run('list', '--json')).stdout)).toMatchObject({ passed: 1 })
})
