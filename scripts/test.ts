/** `pnpm test`: types, lint, then every test; the last line counts over all of them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Counts = { passed: number; failed: number; skipped: number }

const scratch = mkdtempSync(join(tmpdir(), 'kitchen-test-'))
const report = join(scratch, 'vitest.json')
const totals: Counts = { passed: 0, failed: 0, skipped: 0 }

check('types', 'tsc', ['--noEmit'])
check('lint', 'biome', ['check', '.'])
const vitest = run('vitest', [
  'run',
  ...process.argv.slice(2),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
])
addVitest(vitest)
rmSync(scratch, { recursive: true, force: true })
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exitCode = totals.failed > 0 ? 1 : 0

function check(name: string, command: string, args: string[]) {
  const status = run(command, args)
  console.log(status === 0 ? `${name}: ok` : `${name}: failed`)
  if (status === 0) totals.passed++
  else totals.failed++
}

function run(command: string, args: string[]): number {
  const windows = process.platform === 'win32'
  const result = spawnSync(command, args, { stdio: 'inherit', shell: windows })
  if (result.error) console.error(`${command} could not be started: ${result.error.message}`)
  return result.status ?? 1
}

function addVitest(status: number) {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    totals.passed += json.numPassedTests
    totals.failed += json.numFailedTests
    totals.skipped += json.numPendingTests + json.numTodoTests
    // A file that could not be loaded, or an unhandled error, fails the run without failing a test.
    if (status !== 0 && json.numFailedTests === 0) totals.failed++
  } catch (error) {
    console.error(`Vitest left no report: ${error instanceof Error ? error.message : error}`)
    totals.failed++
  }
}
