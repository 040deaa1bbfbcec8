import { join } from 'node:path'
import type { Exercise } from '../exercises/index.ts'
import type { Verdict } from '../run/verdict.ts'

/** What the kit says of one implementation: which checks it must fail, and which others it may. */
export interface Claim {
  readonly exercise: Exercise
  readonly role: 'exercise' | 'solution' | 'mistake'
  /** `shipped`, `solution`, or the mistake's name. */
  readonly name: string
  readonly file: string
  readonly mustFail: readonly string[]
  readonly mayFail: readonly string[]
}

/** Whether a run bears the claim out. */
export interface Finding {
  readonly holds: boolean
  readonly failed: readonly string[]
  /** In a few words, where it does not hold. */
  readonly problem?: string
}

export function claimsOf(exercise: Exercise, repository: string): Claim[] {
  const { id, battery, failsOn, mistakes } = exercise
  const folder = join(repository, 'exercises', id)
  const anything = battery.invariants.map(({ name }) => name)
  return [
    {
      ...{ exercise, role: 'exercise', name: 'shipped', file: join(folder, 'place-order.ts') },
      ...{ mustFail: failsOn, mayFail: anything },
    },
    {
      ...{ exercise, role: 'solution', name: 'solution', file: join(repository, 'solutions', id, 'place-order.ts') },
      ...{ mustFail: [], mayFail: [] },
    },
    ...mistakes.map(
      (mistake): Claim => ({
        ...{ exercise, role: 'mistake', name: mistake.name, file: join(folder, 'mistakes', `${mistake.name}.ts`) },
        ...{ mustFail: [mistake.failsOn], mayFail: [mistake.failsOn, ...(mistake.explains ?? [])] },
      }),
    ),
  ]
}

export function judge(claim: Pick<Claim, 'mustFail' | 'mayFail'>, verdict: Pick<Verdict, 'invariants'>): Finding {
  const failed = verdict.invariants.filter(({ passed }) => !passed).map(({ name }) => name)
  const missed = claim.mustFail.filter((name) => !failed.includes(name))
  const unexplained = failed.filter((name) => !claim.mayFail.includes(name))
  const problems = [
    ...(missed.length > 0 ? [`passed ${quoted(missed)}`] : []),
    ...(unexplained.length > 0 ? [`failed ${quoted(unexplained)}`] : []),
  ]
  return { holds: problems.length === 0, failed, ...(problems.length > 0 && { problem: problems.join('; ') }) }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
