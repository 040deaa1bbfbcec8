/**
 * `pnpm --filter @chaos-kitchen/resilience pack-check`: packs the package as it would be published, looks it over with
 * publint and attw, installs it into a plain JavaScript and a TypeScript project, and runs them on Node 22, 24 and 26.
 * Downloads what it needs. The suite does the same without downloads on the Node that it runs on.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import { buildPackage, publishedManifest, root } from './build-package.ts'
import { lintPackage } from './lint-package.ts'

const NODES = ['22', '24', '26']
const COMPILERS = ['5.9', '7']
const TYPES = ['@types/node@22', '@types/pg']
const tsc = join('node_modules', 'typescript', 'bin', 'tsc')

const work = realpathSync(mkdtempSync(join(tmpdir(), 'resilience-pack-check-')))
const windows = process.platform === 'win32'
let failed = 0
try {
  await check()
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(failed === 0 ? 'all is well' : `${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function check(): Promise<void> {
  const tarball = pack()
  run(work, 'tar', '-xzf', tarball)
  const unpacked = join(work, 'package')
  report(`packed: ${filesOf(unpacked).length} files`, sameAsInTheSuite(unpacked))
  report('publint and attw (esm-only)', (await lintPackage(unpacked)).join('\n'))
  const alone = project('alone', [tarball])
  const peers = Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`)
  const plain = project('plain', [tarball, ...peers])
  const typed = COMPILERS.map((version) => {
    const folder = project(`typed-${version}`, [tarball, ...peers, ...TYPES, `typescript@${version}`])
    return { version, folder, compiled: run(folder, process.execPath, tsc, '-p', '.') }
  })
  for (const { folder, compiled } of typed)
    report(`TypeScript compiles: ${run(folder, process.execPath, tsc, '--version')}`, compiled)
  for (const major of NODES) {
    const node = nodeBinary(major)
    const version = run(work, node, '--version')
    expectLine(
      `Node ${version}: plain JavaScript, no peers`,
      run(alone, node, 'alone.mjs'),
      `alone: ok on Node ${major}`,
    )
    expectLine(
      `Node ${version}: every sub-path`,
      run(plain, node, 'every-sub-path.mjs'),
      `every sub-path: ok on Node ${major}`,
    )
    for (const { version: compiler, folder } of typed)
      expectLine(
        `Node ${version}: TypeScript ${compiler}`,
        run(folder, node, 'built/typed.js'),
        `typed: ok on Node ${major}`,
      )
  }
}

function pack(): string {
  const output = run(root, 'npx', '--yes', 'pnpm@12', 'pack', '--pack-destination', work)
  const [name] = readdirSync(work).filter((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new Error(`pnpm pack made no tarball:\n${output}`)
  return join(work, name)
}

/** What the suite looks at must be what is published. */
function sameAsInTheSuite(unpacked: string): string {
  const built = join(work, 'built')
  buildPackage(built)
  const [packed, expected] = [filesOf(unpacked), filesOf(built)]
  if (!isDeepStrictEqual(packed, expected))
    return `other files than in the suite: ${[...packed, ...expected].filter((file) => !(packed.includes(file) && expected.includes(file))).join(', ')}`
  const {
    devDependencies: _tools,
    scripts: _scripts,
    publishConfig: _config,
    ...told
  } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  return isDeepStrictEqual(told, publishedManifest()) ? '' : `another manifest: ${JSON.stringify(told, null, 2)}`
}

function project(name: string, packages: string[]): string {
  const folder = join(work, name)
  mkdirSync(folder)
  cpSync(join(import.meta.dirname, 'consumer'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  install(folder, packages)
  return folder
}

function nodeBinary(major: string): string {
  const folder = join(work, `node-${major}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  install(folder, [`node@${major}`])
  return join(folder, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
}

function install(folder: string, packages: string[]): void {
  const output = run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...packages)
  if (!readdirSync(folder).includes('node_modules')) throw new Error(`npm install ${packages.join(' ')}:\n${output}`)
}

/** @returns what it printed, errors too where it failed */
function run(cwd: string, command: string, ...args: string[]): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, { cwd, encoding: 'utf8', shell: windows })
  if (error !== undefined) return error.message
  return status === 0 ? stdout.trim() : `${command} ended with ${status}\n${stdout}${stderr}`
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

function expectLine(name: string, output: string, expected: string): void {
  report(name, output === expected ? '' : output || 'no output')
}

function report(name: string, problem: string): void {
  if (problem !== '') failed++
  console.log(problem === '' ? `ok      ${name}` : `FAILED  ${name}\n${problem}`)
}
