/**
 * `pnpm bench workshop [runs [saves]]`: how long people wait for the commands that they use most and, with `saves`, how
 * long after a save of each exercise they see what. Prints Markdown tables.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentileOf } from '../src/report/percentile.ts'
import { type SaveTimings, SIGNS, timeSaves } from './save.ts'
import { type Timing, untilEnded, untilShown } from './timing.ts'

const runs = Number(process.argv[2] ?? 10)
const saves = Number(process.argv[3] ?? 0)
const home = mkdtempSync(join(tmpdir(), 'kitchen-bench-'))
const loads: number[] = []

try {
  await untilEnded(home, '--help')
  const help = await repeated('`--help`', () => untilEnded(home, '--help'))
  const ups: number[] = []
  const downs: number[] = []
  await untilEnded(home, 'up', '--port-base', '0')
  await untilEnded(home, 'down')
  for (let run = 0; run < runs; run++) {
    ups.push(await untilEnded(home, 'up', '--port-base', '0'))
    if (run < runs - 1) downs.push(await untilEnded(home, 'down'))
    loads.push(loadavg()[0] ?? 0)
  }
  const menu = await repeated('the menu, until it can be used', () => untilShown(home, 'What would you like to do?'))
  const single = await repeated('`battery single`, restaurant running', () =>
    untilEnded(home, 'battery', 'single', '--seed', '1'),
  )
  const watched = saves > 0 ? await timeSaves(home, saves) : []
  downs.push(await untilEnded(home, 'down'))
  const cold = await repeated('`battery single`, with its own restaurant', () =>
    untilEnded(home, 'battery', 'single', '--seed', '1', '--port-base', '0'),
  )
  print([help, menu, { name: '`up`', ms: ups }, single, cold, { name: '`down`', ms: downs }])
  if (watched.length > 0) printSaves(watched)
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function repeated(name: string, once: () => Promise<number>): Promise<Timing> {
  const ms: number[] = []
  for (let run = 0; run < runs; run++) {
    ms.push(await once())
    loads.push(loadavg()[0] ?? 0)
  }
  return { name, ms }
}

function print(timings: readonly Timing[]): void {
  const [cpu] = cpus()
  console.log(`${runs} runs each, one after the other, on ${cpu?.model.trim()}, ${availableParallelism()} cores, Node ${process.versions.node}, load ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}.

| command | least | median | most |
| --- | ---: | ---: | ---: |
${timings.map(({ name, ms }) => `| ${name} | ${[0, 0.5, 1].map((share) => `${(percentileOf(ms, share) / 1_000).toFixed(2)} s`).join(' | ')} |`).join('\n')}`)
}

/** Medians, from the save until each sign is on the screen. */
function printSaves(timings: readonly SaveTimings[]): void {
  const median = (ms: readonly number[]) => `${(percentileOf(ms, 0.5) / 1_000).toFixed(2)} s`
  console.log(`
${saves} saves of each exercise as it is handed out: from the save until it is on the screen, medians.

| exercise | ${SIGNS.join(' | ')} |
| --- |${' ---: |'.repeat(SIGNS.length)}
${timings.map(({ exercise, saves: each }) => `| ${exercise} | ${SIGNS.map((sign) => median(each.map((times) => times.get(sign) ?? 0))).join(' | ')} |`).join('\n')}`)
}
