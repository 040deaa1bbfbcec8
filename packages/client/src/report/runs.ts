import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Verdict } from '../run/verdict.ts'
import { verdictToJson } from './to-json.ts'

const KEPT = 50

/** Keeps the reports of runs, one folder a run: `runs/2026-11-26T18-55-01-123Z-complete-7/report.json`. */
export async function keepRun(home: string, verdict: Verdict): Promise<string> {
  const { startedAt, battery, seed } = verdict
  const folder = join(home, 'runs', `${startedAt.toISOString().replace(/[:.]/g, '-')}-${battery}-${seed}`)
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'report.json')
  // A reader never sees half a report.
  await writeFile(`${file}.tmp`, `${JSON.stringify(verdictToJson(verdict), undefined, 2)}\n`)
  await rename(`${file}.tmp`, file)
  await forgetOldest(home)
  return file
}

async function forgetOldest(home: string): Promise<void> {
  const names = await runNames(home)
  for (const name of names.slice(0, -KEPT)) await rm(join(home, 'runs', name), { recursive: true, force: true })
}

async function runNames(home: string): Promise<string[]> {
  const entries = await readdir(join(home, 'runs')).catch(() => [])
  return entries.filter((name) => /^\d{4}-/.test(name)).sort()
}

const KeptRun = Type.Object({
  battery: Type.String(),
  seed: Type.Integer(),
  orders: Type.Array(Type.Object({ number: Type.Integer(), traceId: Type.String(), ms: Type.Number() })),
})

export interface KeptRun {
  battery: string
  seed: number
  orders: { number: number; traceId: string; ms: number }[]
}

/** The last run whose report can be read, or undefined before the first. */
export async function lastRun(home: string): Promise<KeptRun | undefined> {
  for (const name of (await runNames(home)).reverse()) {
    const text = await readFile(join(home, 'runs', name, 'report.json'), 'utf8').catch(() => undefined)
    const json = parse(text)
    if (Value.Check(KeptRun, json)) return json
  }
  return undefined
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
