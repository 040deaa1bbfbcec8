import type { FaultResult } from './proof.ts'
import type { FaultFinding } from './verify-faults.ts'

type Finding = FaultFinding & Pick<FaultResult, 'exercise' | 'seed'>

/** Each fault, on how many seeds it bites, and what it changed on the first of them. */
export function faultTable(results: readonly FaultResult[]): string {
  if (results.length === 0) return 'Not run this time.'
  const findings = results.flatMap(({ exercise, seed, findings }) =>
    findings.map((finding): Finding => ({ exercise, seed, ...finding })),
  )
  // By a seed, the same fault may be of another kind: those are lines of their own.
  const groups = [...Map.groupBy(findings, ({ exercise, id, fault }) => `${exercise} ${id} ${fault}`).values()]
  return `On the exercise as it is handed out: the run without any fault against the run with only this one. Where a fault changes nothing alone, the whole schedule with it against the same without it. What changed is shown for the first seed.

| exercise | fault | seeds on which it bites | what changed for its callers |
| --- | --- | ---: | --- |
${groups.sort(byExercise).map(faultLine).join('\n')}`
}

function byExercise([a]: readonly Finding[], [b]: readonly Finding[]): number {
  return `${a?.exercise} ${a?.id}`.localeCompare(`${b?.exercise} ${b?.id}`, 'en', { numeric: true })
}

function faultLine(findings: readonly Finding[]): string {
  const biting = findings.filter(({ effect }) => effect.bites)
  const harmless = findings.filter(({ effect }) => !effect.bites)
  const first = biting[0] ?? findings[0]
  const shown = [
    ...harmless.map(({ seed, effect }) => `**nothing on seed ${seed}:** ${effect.shown}`),
    ...biting.slice(0, 1).map(({ effect, alone }) => `${effect.shown}${alone ? '' : ' (with the others)'}`),
  ]
  return `| ${first?.exercise} | ${first?.fault} | ${biting.length} of ${findings.length} | ${shown.join('; ')} |`
}
