import { stillRuns } from '../processes/identity.ts'
import { restore } from '../restore.ts'
import type { Target } from '../target.ts'
import type { LedgerBegin } from './entry.ts'
import type { Ledger } from './ledger.ts'

export interface HealOptions {
  ledger: Ledger
  /** Removes a toxic by its hop and name; one that is gone is no error. Toxics are left where this is missing. */
  removeToxic?(hop: string, toxic: string): Promise<void>
}

/**
 * Undoes what disruptors left that died before they could: each target serves again when this resolves. Faults of a
 * process that still runs are its own, and targets that are not among these are left to whoever has them.
 * @returns what was undone
 */
export async function healFromLedger(targets: readonly Target[], options: HealOptions): Promise<LedgerBegin[]> {
  const { ledger } = options
  const healed: LedgerBegin[] = []
  for (const entry of await ledger.open()) {
    if (await stillRuns(entry.writer)) continue
    if (!(await undo(entry, targets, options))) continue
    await ledger.end(entry.id)
    healed.push(entry)
  }
  return healed
}

async function undo(entry: LedgerBegin, targets: readonly Target[], { removeToxic }: HealOptions): Promise<boolean> {
  if (entry.kind === 'toxic') {
    if (removeToxic === undefined || entry.toxic === undefined) return false
    await removeToxic(entry.target, entry.toxic)
    return true
  }
  const target = targets.find(({ name }) => name === entry.target)
  if (target === undefined) return false
  await restore(target)
  return true
}
