import type { Stage } from '@chaos-kitchen/kitchen'
import { type Claim, type Finding, judge } from './claim.ts'
import { runOn } from './run-on.ts'

/** Runs the claim's exercise on its implementation, once. */
export async function verifyClaim(
  stage: Stage,
  claim: Claim,
  seed: number,
  signal: AbortSignal,
): Promise<{ finding: Finding; ms: number }> {
  const began = performance.now()
  const { file, name: label, exercise } = claim
  const verdict = await runOn(stage, { file, label, battery: exercise.battery, seed }, signal)
  return { finding: judge(claim, verdict), ms: performance.now() - began }
}
