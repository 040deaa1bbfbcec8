import { countOf } from '../screen/words.ts'
import { faultTable } from './fault-table.ts'
import type { ClaimResult, Proof } from './proof.ts'
import type { Sitting } from './sitting.ts'

/** docs/verify.md: what was run, and what came of it. @param command as it was given, without `pnpm workshop` */
export function proofToMarkdown(proof: Proof, command: string): string {
  const held = proof.claims.filter((claim) => claim.holds).length
  return `# What \`verify\` found

Each exercise as it is handed out fails on what it is about; its solution passes; each typical mistake fails on the check that tells it apart, and on no other that it does not explain; each fault alone changes something for whoever calls. This file is written by \`pnpm workshop ${command}\`; it says what was run, not more.

${proof.sittings.flatMap((sitting, index) => sittingLine(sitting, proof, index)).join('\n')}

${held} of ${countOf(proof.claims.length, 'run')} bear out what is claimed.

## Claims

| exercise | implementation | runs that hold | fails on | slowest run |
| --- | --- | ---: | --- | ---: |
${groups(proof.claims).map(claimLine).join('\n')}
${problemLines(proof)}
## Faults

${faultTable(proof.faults)}
`
}

/** What one command ran, and on what; nothing of one that found nothing. */
function sittingLine({ startedAt, commit, concurrency, machine }: Sitting, proof: Proof, index: number): string[] {
  const claims = proof.claims.filter(({ sitting }) => sitting === index)
  const faults = proof.faults.filter(({ sitting }) => sitting === index)
  if (claims.length + faults.length === 0) return []
  const when = startedAt.slice(0, 16).replace('T', ' ')
  const where = `${concurrency === 1 ? 'one restaurant' : `${concurrency} restaurants side by side`} of this machine's processes, one run at a time on each`
  const ran = [
    ...(claims.length > 0 ? [`${countOf(claims.length, 'run')} (${spread(claims)})`] : []),
    ...(faults.length > 0 ? [`each fault alone (${spread(faults)})`] : []),
  ]
  return [`- ${when} UTC${commit ? `, commit ${commit}` : ''}: ${ran.join('; ')}; ${where}, on ${machine}`]
}

/** `seeds 1 to 50 of 01, 02, 03; seed 1 of 04` */
function spread(results: readonly { readonly exercise: string; readonly seed: number }[]): string {
  const byExercise = Map.groupBy(results, ({ exercise }) => exercise.slice(0, 2))
  const bySeeds = Map.groupBy(byExercise, ([, runs]) => seedRange(runs.map(({ seed }) => seed)))
  return [...bySeeds].map(([seeds, of]) => `${seeds} of ${of.map(([exercise]) => exercise).join(', ')}`).join('; ')
}

/** `seed 3`, `seeds 1 to 4`, `seeds 1, 3 to 5` */
function seedRange(unsorted: readonly number[]): string {
  const seeds = [...new Set(unsorted)].sort((a, b) => a - b)
  const ranges: [number, number][] = []
  for (const seed of seeds) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === seed - 1) last[1] = seed
    else ranges.push([seed, seed])
  }
  const shown = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ')
  return `seed${seeds.length === 1 ? '' : 's'} ${shown}`
}

function groups(claims: readonly ClaimResult[]): ClaimResult[][] {
  return [...Map.groupBy(claims, ({ exercise, name }) => `${exercise} ${name}`).values()].sort((a, b) =>
    (a[0]?.exercise ?? '').localeCompare(b[0]?.exercise ?? ''),
  )
}

function claimLine(runs: readonly ClaimResult[]): string {
  const [first] = runs
  const failed = [...new Set(runs.flatMap((run) => run.failed))].join(', ')
  const slowest = Math.max(...runs.map(({ ms }) => ms))
  const held = `${runs.filter((run) => run.holds).length} of ${runs.length}`
  return `| ${first?.exercise} | ${first?.name} | ${held} | ${failed || '–'} | ${(slowest / 1_000).toFixed(1)} s |`
}

function problemLines({ claims, structure }: Proof): string {
  const wrong = [
    ...claims
      .filter((claim) => !claim.holds)
      .map((claim) => `${claim.exercise}, ${claim.name}, seed ${claim.seed}: ${claim.problem}${lateness(claim)}`),
    ...structure.flatMap(({ exercise, problems }) => problems.map((problem) => `${exercise}: ${problem}`)),
  ]
  return wrong.length === 0 ? '' : `\nWhat does not hold:\n\n${wrong.map((line) => `- ${line}`).join('\n')}\n`
}

/** Less is noise. */
const LATE = 50

/** A verdict of a machine that was busy with something else says little. */
function lateness({ late = 0 }: ClaimResult): string {
  return late < LATE ? '' : ` (timers were up to ${late} ms late meanwhile)`
}
