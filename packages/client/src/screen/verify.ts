import type { ClaimResult, Proof, StructureResult } from '../verify/proof.ts'
import type { FaultFinding } from '../verify/verify-faults.ts'
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

/** A fault, and below it what it changed. */
export function faultRows(theme: Theme, { exercise, fault, effect, alone }: FaultFinding): string[] {
  const shown = `${alone ? '' : 'with the others: '}${effect.shown}`
  return [
    row(theme, [mark(theme, effect.bites), { text: exercise, width: 16 }, { text: fault }]),
    ...paragraph(theme, shown, 6).map(theme.dim),
  ]
}

/** A line a problem; none where an exercise is whole. */
export function structureRows(theme: Theme, { exercise, problems }: StructureResult): string[] {
  return problems.map((problem) => row(theme, [mark(theme, false), { text: exercise, width: 16 }, { text: problem }]))
}

export function proofSummary({ structure, claims, faults }: Proof): string[] {
  const whole = structure.filter(({ problems }) => problems.length === 0).length
  const held = claims.filter((claim) => claim.holds).length
  const biting = faults.filter(({ effect }) => effect.bites).length
  return [
    ` ${whole} of ${countOf(structure.length, 'exercise')} whole`,
    ` ${held} of ${countOf(claims.length, 'run')} bear out what is claimed`,
    ...(faults.length === 0 ? [] : [` ${biting} of ${countOf(faults.length, 'fault')} bite`]),
  ]
}

function mark({ glyphs: { pass, fail }, ...theme }: Theme, good: boolean) {
  return { text: good ? pass : fail, width: pass.length + 1, paint: good ? theme.pass : theme.fail }
}
