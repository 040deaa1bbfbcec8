import type { ClaimResult, FaultResult, Proof, StructureResult } from '../verify/proof.ts'
import { paragraph, row } from './layout.ts'
import type { Theme } from './theme.ts'
import { countOf } from './words.ts'

/** What was claimed and came out; where it does not hold, the whole of what is wrong below it. */
export function claimRows(theme: Theme, { exercise, name, seed, ms, holds, failed, problem }: ClaimResult): string[] {
  const line = row(theme, [
    mark(theme, holds),
    { text: exercise, width: 16 },
    { text: name, width: 24 },
    { text: `seed ${seed}`, width: 8, paint: theme.dim },
    { text: `${(ms / 1_000).toFixed(1)} s`, width: 7, align: 'right' },
    { text: `  ${holds ? failed.join(', ') || 'passed' : 'does not hold'}`, paint: theme.dim },
  ])
  return [line, ...(problem === undefined ? [] : paragraph(theme, problem, 6))]
}

/** Each fault, and below it what it changed. */
export function faultRows(theme: Theme, { exercise, seed, findings }: FaultResult): string[] {
  return findings.flatMap(({ fault, effect, alone }) => {
    const shown = `${alone ? '' : 'with the others: '}${effect.shown}`
    const cells = [{ text: exercise, width: 16 }, { text: `seed ${seed}`, width: 8, paint: theme.dim }, { text: fault }]
    return [row(theme, [mark(theme, effect.bites), ...cells]), ...paragraph(theme, shown, 6).map(theme.dim)]
  })
}

/** A line a problem; none where an exercise is whole. */
export function structureRows(theme: Theme, { exercise, problems }: StructureResult): string[] {
  return problems.map((problem) => row(theme, [mark(theme, false), { text: exercise, width: 16 }, { text: problem }]))
}

/** With what earlier sittings found, where this one went on from them. */
export function proofSummary({ structure, claims, faults, sittings }: Proof): string[] {
  const whole = structure.filter(({ problems }) => problems.length === 0).length
  const held = claims.filter((claim) => claim.holds).length
  const alone = faults.flatMap(({ findings }) => findings)
  const biting = alone.filter(({ effect }) => effect.bites).length
  const { concurrency = 1 } = sittings.at(-1) ?? {}
  const ran = claims.filter(({ sitting }) => sitting === sittings.length - 1).length
  const earlier = ran === claims.length ? '' : `, ${ran} of them run now`
  return [
    ` ${whole} of ${countOf(structure.length, 'exercise')} whole`,
    ` ${held} of ${countOf(claims.length, 'run')} bear out what is claimed${earlier}`,
    ...(faults.length === 0 ? [] : [` ${biting} of ${countOf(alone.length, 'fault')} bite`]),
    ` on ${countOf(concurrency, 'restaurant')}${concurrency === 1 ? '' : ' side by side'}`,
  ]
}

function mark({ glyphs: { pass, fail }, ...theme }: Theme, good: boolean) {
  return { text: good ? pass : fail, width: pass.length + 1, paint: good ? theme.pass : theme.fail }
}
