import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Value } from 'typebox/value'
import { identifyProcess } from '../processes/identity.ts'
import { type LedgerBegin, LedgerEntry } from './entry.ts'

/**
 * A write-ahead ledger of faults: what will be done is on disk before it is done, so whoever comes after a crash knows
 * what to undo. Entries of several processes may share the file.
 */
export interface Ledger {
  /** Resolves once the intention is on disk; only then act. @returns the entry's id, to be given to `end` */
  begin(fault: Pick<LedgerBegin, 'kind' | 'target' | 'toxic'>): Promise<string>
  /** Only once it is undone. */
  end(id: string): Promise<void>
  /** Entries that nobody ended, in the order of their beginning. */
  open(): Promise<LedgerBegin[]>
}

export function ledgerAt(path: string): Ledger {
  const writer = identifyProcess(process.pid).then((identity) => ({
    pid: process.pid,
    ...(identity?.started !== undefined && { started: identity.started }),
  }))
  return {
    async begin({ kind, target, toxic }) {
      const id = randomUUID()
      const at = Date.now()
      const named = toxic === undefined ? {} : { toxic }
      await append(path, { act: 'begin', id, kind, target, ...named, at, writer: await writer })
      return id
    },
    end: (id) => append(path, { act: 'end', id }),
    async open() {
      const entries = parse(await readFile(path, 'utf8').catch(emptyWhenMissing))
      const ended = new Set(entries.flatMap((entry) => (entry.act === 'end' ? [entry.id] : [])))
      return entries.filter((entry) => entry.act === 'begin').filter(({ id }) => !ended.has(id))
    },
  }
}

/**
 * One write, then fsync. The newline in front ends a line that a crash cut short, which would otherwise swallow this
 * one.
 */
async function append(path: string, entry: LedgerEntry): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a')
  try {
    await file.write(`\n${JSON.stringify(entry)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A line that was cut short was an intention that was never acted on, or an end that will be found out again. */
function parse(text: string): LedgerEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line)
      return Value.Check(LedgerEntry, entry) ? [entry] : []
    } catch {
      return []
    }
  })
}

function emptyWhenMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
  throw error
}
