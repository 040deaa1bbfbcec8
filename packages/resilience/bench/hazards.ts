/**
 * `pnpm bench resilience --hazards`: each hazard tried on each library that can have it, in this process and in real
 * time; prints the table of docs/hazards.md.
 */
import { cockatiel } from './hazards/cockatiel.ts'
import { HAZARDS, type Hazard, type Peer } from './hazards/hazard.ts'
import { opossum } from './hazards/opossum.ts'
import { ours } from './hazards/ours.ts'
import { undici } from './hazards/undici.ts'
import { versionOf } from './versions.ts'

const peers: readonly Peer[] = [cockatiel, opossum, undici, ours]
const heading = peers.map((peer) => (peer === ours ? peer.name : `${peer.name} ${versionOf(peer.name)}`))
const rows = [['', ...heading]]
for (const hazard of hazards()) rows.push(await tried(hazard))
print(rows)
process.exit(0)

function hazards(): Hazard[] {
  const known = Object.keys(HAZARDS)
  return known.filter((name): name is Hazard => name in HAZARDS)
}

/** One after the other: some measure time, some put another chance or another warning in place meanwhile. */
async function tried(hazard: Hazard): Promise<string[]> {
  const cells: string[] = [HAZARDS[hazard]]
  for (const { results } of peers) cells.push((await results[hazard]?.()) ?? '–')
  return cells
}

function print(table: string[][]): void {
  const widths = ['', ...peers].map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)))
  for (const [index, cells] of table.entries()) {
    console.log(`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    if (index === 0) console.log(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  }
}
