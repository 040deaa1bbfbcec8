import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checks } from './conformance/index.ts'
import { runNode } from './support/run.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(import.meta.dirname, '..')
const readme = readFileSync(join(folder, 'README.md'), 'utf8')
const snippets = [...readme.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, file = '', code = '']) => ({
  file,
  code,
}))
let project: string

/** Compilers and test runners are started, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 })

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'chaos-proxy-readme-'))
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, '@chaos-kitchen'), { recursive: true })
  symlinkSync(folder, join(modules, '@chaos-kitchen/chaos-proxy'))
  symlinkSync(join(folder, 'node_modules/toxiproxy-node-client'), join(modules, 'toxiproxy-node-client'))
  for (const name of ['vitest', '@types']) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'] }),
  )
  for (const { file, code } of snippets) writeFileSync(join(project, file), code)
})
afterAll(() => rmSync(project, { recursive: true }))

test('the snippets of the README are there', () => {
  expect(snippets.map(({ file }) => file)).toEqual([
    'menu.test.ts',
    'fixture.test.ts',
    'menu.node-test.ts',
    'observe.ts',
    'any-client.ts',
  ])
})

test('they compile', async () => {
  expect(await runNode(project, join(root, 'node_modules/typescript/bin/tsc'), '--noEmit')).toEqual({
    code: 0,
    output: '',
  })
})

test('those for Vitest pass in Vitest', async () => {
  const flags = ['run', '--root', project, '--testTimeout', '60000']
  const { code, output } = await runNode(project, join(root, 'node_modules/vitest/vitest.mjs'), ...flags)
  expect(output).toMatch(/Tests\s+2 passed/)
  expect(code).toBe(0)
})

test('that for node:test passes in node:test', async () => {
  const { code, output } = await runNode(project, '--test', 'menu.node-test.ts')
  expect([code, output]).toEqual([0, expect.stringMatching(/pass 1/)])
})

test.each(['observe.ts', 'any-client.ts'])('%s runs', async (file) => {
  const { code, output } = await runNode(project, file)
  expect([code, output]).toEqual([0, expect.stringMatching(/proxy menu|127\.0\.0\.1:\d+/)])
})

test('the table of conformance names every check', () => {
  const rows = readFileSync(join(folder, 'docs/conformance.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const table = rows
    .filter(([, number]) => /^\d+$/.test(number ?? ''))
    .map(([, number, title]) => [Number(number), title])
  expect(table).toEqual(checks.map(({ number, title }) => [number, title]))
})
