import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { buildPackage, compiler, root } from './build-package.ts'
import { lintPackage } from './lint-package.ts'

/** A project outside of the workspace; `pnpm --filter @chaos-kitchen/resilience pack-check` does the same on more. */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'resilience-pack-')))
const modules = join(project, 'node_modules')
const installed = join(modules, manifest.name)

beforeAll(() => {
  buildPackage(installed)
  cpSync(join(import.meta.dirname, 'consumer'), project, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  link('cockatiel')
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Beside the package, from what the workspace has: nothing is downloaded. */
function link(name: string, from = join(root, 'node_modules')): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true })
  symlinkSync(join(from, name), join(modules, name), 'junction')
}

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : `${stdout}${stderr}`
}

const major = process.versions.node.split('.')[0]

test('publint and attw find nothing wrong with it', { timeout: 120_000 }, async () => {
  expect(await lintPackage(installed)).toEqual([])
})

test('a plain JavaScript project uses it, without any optional peer', () => {
  expect(run('alone.mjs')).toBe(`alone: ok on Node ${major}`)
})

test('plain JavaScript and TypeScript projects use every sub-path', { timeout: 120_000 }, () => {
  for (const name of Object.keys(manifest.peerDependencies)) link(name)
  link('@types/pg')
  link('@types/node', join(root, '..', '..', 'node_modules'))
  expect(run('every-sub-path.mjs')).toBe(`every sub-path: ok on Node ${major}`)
  expect(run(compiler, '-p', '.')).toBe('')
  expect(run('built/typed.js')).toBe(`typed: ok on Node ${major}`)
})
