/**
 * `pnpm bench resilience [--json]`: what a call costs, beside cockatiel, opossum and p-retry in the same run.
 * `pnpm bench resilience --hazards`: what goes wrong in which library, tried out instead of measured.
 *
 * Each part runs in a process of its own: speed with the defaults of Node, memory with a young generation large enough
 * that nothing is collected while allocations are counted.
 */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { format, type Row } from './report.ts'
import { versionOf } from './versions.ts'

if (process.argv.includes('--hazards')) process.stdout.write(run('hazards.ts', []))
else measure()

function measure(): void {
  const rows = [
    ...part('speed.ts', []),
    ...part('memory.ts', ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']),
  ]
  if (process.argv.includes('--json')) console.log(JSON.stringify({ machine: machine(), rows }))
  else console.log(`${machine()}\n\n${format(rows)}`)
}

function part(file: string, flags: string[]): Row[] {
  return JSON.parse(run(file, flags))
}

function run(file: string, flags: string[]): string {
  const child = spawnSync(process.execPath, [...flags, join(import.meta.dirname, file)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.status !== 0) throw new Error(`${file} ended with ${child.status ?? child.signal}`)
  return child.stdout
}

function machine(): string {
  const versions = ['cockatiel', 'opossum', 'p-retry'].map((name) => `${name} ${versionOf(name)}`)
  const [cpu] = cpus()
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model ?? 'unknown'}; ${versions.join(', ')}`
}
