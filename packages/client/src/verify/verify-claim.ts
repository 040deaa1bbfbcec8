import { type Stage, StageError } from '@chaos-kitchen/kitchen'
import { withLateness } from '../watch/busy.ts'
import { type Claim, type Finding, judge } from './claim.ts'
import type { ClaimResult } from './proof.ts'
import { runOn } from './run-on.ts'

/** Runs the claim's exercise on its implementation, once. @throws when the restaurant is gone, or the signal aborts */
export async function verifyClaim(
  stage: Stage,
  claim: Claim,
  seed: number,
  signal: AbortSignal,
): Promise<Omit<ClaimResult, 'sitting'>> {
  const began = performance.now()
  const { exercise, role, name } = claim
  const { result, late } = await withLateness(() => run(stage, claim, seed, signal))
  const ms = Math.round(performance.now() - began)
  return { exercise: exercise.id, role, name, seed, ms, late, ...result }
}

/** A run that came to nothing is a finding as well: a long proof goes on without it. */
async function run(stage: Stage, { file, name, exercise, ...claim }: Claim, seed: number, signal: AbortSignal) {
  try {
    const verdict = await runOn(stage, { file, label: name, battery: exercise.battery, seed }, signal)
    return judge(claim, verdict)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StageError && error.code === 'stage-gone') throw error
    const finding: Finding = { holds: false, failed: [], problem: `did not run: ${inShort(error)}` }
    return finding
  }
}

function inShort(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
