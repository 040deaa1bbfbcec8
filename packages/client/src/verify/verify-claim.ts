import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Stage, StageError } from '@chaos-kitchen/kitchen'
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
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  const finding = await run(stage, claim, seed, signal)
  delays.disable()
  const [ms, late] = [Math.round(performance.now() - began), Math.round(delays.max / 1e6)]
  return { exercise: exercise.id, role, name, seed, ms, late, ...finding }
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
