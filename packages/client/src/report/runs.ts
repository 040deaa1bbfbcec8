import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verdict } from '../run/verdict.ts'
import { reportPage } from './page/report-page.ts'
import { type RunReport, readRunReport } from './run-report.ts'
import { verdictToJson } from './to-json.ts'

const KEPT = 50

/** What a look at a trace needs of a run. */
export type KeptRun = Pick<RunReport, 'battery' | 'seed'> & {
  readonly orders: readonly Pick<RunReport['orders'][number], 'number' | 'traceId' | 'ms'>[]
}

export interface StoredRun {
  /** Name of its folder, as `2026-11-26T18-55-01-123Z-complete-7`. */
  readonly name: string
  readonly folder: string
  readonly report: RunReport
}

/** Keeps a run: `runs/NAME/report.json`, and the same as a page in `report.html`. */
export async function keepRun(home: string, verdict: Verdict): Promise<string> {
  const { startedAt, battery, seed } = verdict
  const folder = join(home, 'runs', `${startedAt.toISOString().replace(/[:.]/g, '-')}-${battery}-${seed}`)
  await mkdir(folder, { recursive: true })
  const json = verdictToJson(verdict)
  await writeWhole(pageOf(folder), reportPage(json))
  const file = join(folder, 'report.json')
  await writeWhole(file, `${JSON.stringify(json, undefined, 2)}\n`)
  await forgetOldest(home)
  return file
}

/** Where the page of a run in this folder is. */
export function pageOf(folder: string): string {
  return join(folder, 'report.html')
}

/** A reader never sees half of it. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.tmp`, text)
  await rename(`${file}.tmp`, file)
}

async function forgetOldest(home: string): Promise<void> {
  const names = await runNames(home)
  for (const name of names.slice(0, -KEPT)) await rm(join(home, 'runs', name), { recursive: true, force: true })
}

/** Names of the runs that are kept, oldest first. */
export async function runNames(home: string): Promise<string[]> {
  const entries = await readdir(join(home, 'runs')).catch(() => [])
  return entries.filter((name) => /^\d{4}-/.test(name)).sort()
}

/** The run of that name, or undefined when its report can't be read. */
export async function readRun(home: string, name: string): Promise<StoredRun | undefined> {
  const folder = join(home, 'runs', name)
  const text = await readFile(join(folder, 'report.json'), 'utf8').catch(() => '')
  const report = readRunReport(text)
  return report && { name, folder, report }
}

/** The last run whose report can be read, or undefined before the first. */
export async function lastRun(home: string): Promise<RunReport | undefined> {
  for (const name of (await runNames(home)).reverse()) {
    const run = await readRun(home, name)
    if (run !== undefined) return run.report
  }
  return undefined
}
