import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openJournal } from '../src/verify/journal.ts'
import type { ClaimResult, FaultResult } from '../src/verify/proof.ts'

const folder = mkdtempSync(join(tmpdir(), 'kitchen-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sitting = { startedAt: '2026-11-26T22:50:11.000Z', concurrency: 4, machine: 'a machine' }
const claim: ClaimResult = {
  ...{ exercise: '02-timeout', role: 'mistake', name: 'late', seed: 3, ms: 4_200, holds: true, sitting: 0, late: 3 },
  failed: ['the guest gets an answer in time'],
}
const faults: FaultResult = {
  ...{ exercise: '02-timeout', seed: 1, sitting: 0 },
  findings: [{ id: 'f1', fault: 'menu: slow', alone: true, effect: { bites: true, shown: 'order 2 timed out' } }],
}

test('what is noted is found again, but for half a line of a killed process', async () => {
  const file = join(folder, 'proof.jsonl')
  const journal = await openJournal(file)
  expect(journal.earlier).toEqual({ sittings: [], claims: [], faults: [] })
  await journal.add({ sitting })
  await journal.add({ claim })
  await journal.add({ faults })
  appendFileSync(file, '{"claim":{"exercise":"03-re')
  expect((await openJournal(file)).earlier).toEqual({ sittings: [sitting], claims: [claim], faults: [faults] })
  // What comes after it begins on a line of its own.
  await (await openJournal(file)).add({ claim: { ...claim, seed: 4 } })
  expect((await openJournal(file)).earlier.claims.map(({ seed }) => seed)).toEqual([3, 4])
})

test('a file of something else is refused and left alone', async () => {
  const file = join(folder, 'notes.json')
  writeFileSync(file, '{"claim":{"seed":"three"}}\n')
  await expect(openJournal(file)).rejects.toThrow()
  expect(readFileSync(file, 'utf8')).toBe('{"claim":{"seed":"three"}}\n')
})
