import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { healFromLedger, type LedgerBegin, ledgerAt } from '../src/index.ts'
import { SimulatedTarget } from './fixtures/simulated-target.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'
import { VirtualClock } from './fixtures/virtual-clock.ts'

/** A process that has ended, as far as any start time can tell. */
const DEAD = { pid: process.pid, started: 'before this one' }

const ENTRIES = [
  { act: 'begin', id: 'a', kind: 'kill', target: 'menu', at: 1, writer: DEAD },
  { act: 'end', id: 'a' },
  { act: 'begin', id: 'b', kind: 'pause', target: 'loyalty', at: 2, writer: DEAD },
  { act: 'begin', id: 'c', kind: 'stop', target: 'order', at: 3, writer: DEAD },
  { act: 'end', id: 'b' },
]
const LINES = ENTRIES.map((entry) => `\n${JSON.stringify(entry)}\n`)
/** Entries without an end after so many whole lines: what a disruptor that died there had disturbed. */
const OPEN_AFTER = [[], ['a'], [], ['b'], ['b', 'c'], ['c']]

test('cut short at any byte, a ledger tells what had been acted on', async () => {
  const path = temporaryFile()
  for (let length = 0; length <= LINES.join('').length; length++) {
    writeFileSync(path, LINES.join('').slice(0, length))
    let whole = 0
    // The newline at the end may be missing: the entry is whole without it.
    while (whole < LINES.length && LINES.slice(0, whole + 1).join('').length - 1 <= length) whole++
    expect((await ledgerAt(path).open()).map(({ id }) => id)).toEqual(OPEN_AFTER[whole])
  }
})

test('whatever had been acted on is healed, once', async () => {
  for (const [whole, disturbed] of OPEN_AFTER.entries()) {
    const path = temporaryFile()
    writeFileSync(path, `${LINES.slice(0, whole).join('')}\n{"act":"beg`)
    const clock = new VirtualClock()
    const [menu, loyalty, order] = ['menu', 'loyalty', 'order'].map((name) => new SimulatedTarget(name, clock))
    const acts = { a: () => menu!.kill(), b: () => loyalty!.pause(), c: () => order!.stop() }
    for (const id of ['a', 'b', 'c'] as const) if (disturbed.includes(id)) await clock.pass(acts[id]())
    const targets = [menu!, loyalty!, order!]
    const healed = await clock.pass(healFromLedger(targets, { ledger: ledgerAt(path) }))
    expect(healed.map(({ id }) => id)).toEqual(disturbed)
    expect(targets.map(({ now }) => now)).toEqual(['running', 'running', 'running'])
    expect(await ledgerAt(path).open()).toEqual([])
    expect(await healFromLedger(targets, { ledger: ledgerAt(path) })).toEqual([])
  }
})

test('an entry after a torn line is not swallowed by it', async () => {
  const path = temporaryFile()
  writeFileSync(path, '\n{"act":"begin","id":"torn","ki')
  const ledger = ledgerAt(path)
  const id = await ledger.begin({ kind: 'stop', target: 'menu' })
  expect((await ledger.open()).map((entry) => entry.id)).toEqual([id])
  await ledger.end(id)
  expect(await ledger.open()).toEqual([])
})

test('faults of a process that still runs are its own', async () => {
  const ledger = ledgerAt(temporaryFile())
  const clock = new VirtualClock()
  const target = new SimulatedTarget('menu', clock)
  await ledger.begin({ kind: 'kill', target: 'menu' })
  await clock.pass(target.kill())
  expect(await healFromLedger([target], { ledger })).toEqual([])
  expect(target.now).toBe('stopped')
})

test('toxics are removed where somebody can, and kept in the ledger where nobody can', async () => {
  const path = temporaryFile()
  const entry: LedgerBegin = {
    act: 'begin',
    id: 't',
    kind: 'toxic',
    target: 'order-menu',
    toxic: 'slow',
    at: 1,
    writer: DEAD,
  }
  writeFileSync(path, JSON.stringify(entry))
  const ledger = ledgerAt(path)
  expect(await healFromLedger([], { ledger })).toEqual([])
  expect(await ledger.open()).toHaveLength(1)
  const removed: string[] = []
  const removeToxic = async (hop: string, toxic: string) => void removed.push(`${hop}/${toxic}`)
  await healFromLedger([], { ledger, removeToxic })
  expect(removed).toEqual(['order-menu/slow'])
  expect(await ledger.open()).toEqual([])
})

test('no ledger is an empty ledger', async () => {
  expect(await ledgerAt(temporaryFile()).open()).toEqual([])
})

test('several processes share a ledger', async () => {
  const path = temporaryFile()
  const script = `
    import { ledgerAt } from ${JSON.stringify(join(import.meta.dirname, '../src/ledger/ledger.ts'))}
    const ledger = ledgerAt(${JSON.stringify(path)})
    for (let i = 0; i < 20; i++) await ledger.begin({ kind: 'stop', target: 'menu' })`
  await ledgerAt(path).begin({ kind: 'pause', target: 'order' })
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect({ status, stderr }).toMatchObject({ status: 0 })
  const open = await ledgerAt(path).open()
  expect(open).toHaveLength(21)
  expect(new Set(open.map(({ writer }) => writer.pid)).size).toBe(2)
  expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid}`)
})

function temporaryFile(): string {
  return join(temporaryFolder(), 'ledger.jsonl')
}
