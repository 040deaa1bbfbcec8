import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { ClaimResult, Proof } from './proof.ts'

/** When and on what a proof was made. */
export interface Circumstances {
  readonly startedAt: Date
  readonly seeds: number
  readonly machine: string
}

export function thisMachine(): string {
  const [cpu] = cpus()
  const [load = 0] = loadavg()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, ${memory} GiB, ${process.platform}, Node ${process.versions.node}, load ${load.toFixed(0)}`
}

/** docs/verify.md: what was run, and what came of it. */
export function proofToMarkdown(proof: Proof, { startedAt, seeds, machine }: Circumstances): string {
  const run = Math.max(0, ...proof.claims.map(({ seed }) => seed))
  const held = proof.claims.filter((claim) => claim.holds).length
  return `# What \`verify\` found

Each exercise as it is handed out fails on what it is about; its solution passes; each typical mistake fails on the check that tells it apart, and on no other that it does not explain; each fault alone changes something for whoever calls. This file is written by \`pnpm workshop verify --seeds ${seeds}${proof.faults.length > 0 ? ' --faults' : ''} --table\`; it says what was run, not more.

- made ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, one restaurant of this machine's processes, one run at a time
- on ${machine}
- ${run === 1 ? 'seed 1' : `seeds 1 to ${run}`}: ${held} of ${proof.claims.length} runs bear out what is claimed

## Claims

| exercise | implementation | runs that hold | fails on | slowest run |
| --- | --- | ---: | --- | ---: |
${groups(proof.claims).map(claimLine).join('\n')}
${problemLines(proof)}
## Faults

${faultTable(proof)}
`
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
      .map((claim) => `${claim.exercise}, ${claim.name}, seed ${claim.seed}: ${claim.problem}`),
    ...structure.flatMap(({ exercise, problems }) => problems.map((problem) => `${exercise}: ${problem}`)),
  ]
  return wrong.length === 0 ? '' : `\nWhat does not hold:\n\n${wrong.map((line) => `- ${line}`).join('\n')}\n`
}

function faultTable({ faults }: Proof): string {
  if (faults.length === 0) return 'Not run this time.'
  return `On the exercise as it is handed out, seed 1: the run without any fault against the run with only this one. Where a fault changes nothing alone, the whole schedule with it against the same without it.

| exercise | fault | what changed for its callers |
| --- | --- | --- |
${faults.map(({ exercise, fault, effect, alone }) => `| ${exercise} | ${fault} | ${effect.bites ? '' : '**nothing:** '}${effect.shown}${alone ? '' : ' (with the others)'} |`).join('\n')}`
}
