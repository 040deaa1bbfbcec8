import type { Stage } from '@chaos-kitchen/kitchen'
import type { Exercise } from '../exercises/index.ts'
import { type Claim, claimsOf } from './claim.ts'
import { structureProblems } from './structure.ts'
import { verifyClaim } from './verify-claim.ts'
import { type FaultFinding, verifyFaults } from './verify-faults.ts'

/** One run of a claim, or its structure, and whether it bears out what the kit says. */
export interface ClaimResult {
  readonly exercise: string
  readonly role: Claim['role']
  readonly name: string
  readonly seed: number
  readonly ms: number
  readonly holds: boolean
  readonly failed: readonly string[]
  readonly problem?: string
}

export interface StructureResult {
  readonly exercise: string
  readonly problems: readonly string[]
}

/** All that was found so far. */
export interface Proof {
  readonly structure: StructureResult[]
  readonly claims: ClaimResult[]
  readonly faults: FaultFinding[]
}

export interface ProofPlan {
  readonly exercises: readonly Exercise[]
  /** The whole ladder, in which each exercise builds on the one before. */
  readonly ladder: readonly Exercise[]
  /** From 1 to this. */
  readonly seeds: number
  /** Whether each fault is run alone, on seed 1. */
  readonly faults: boolean
  readonly repository: string
  readonly signal: AbortSignal
}

export interface ProofListener {
  structure(result: StructureResult): void
  claim(result: ClaimResult): void
  fault(finding: FaultFinding): void
  /** After each seed and after the faults, with all that was found. */
  settled(proof: Proof): Promise<void>
}

/** Puts everything that the kit says of its exercises to the test: what needs no restaurant first, then seed by seed. */
export async function prove(stage: Stage, plan: ProofPlan, told: ProofListener): Promise<Proof> {
  const { exercises, ladder, seeds, repository, signal } = plan
  const proof: Proof = { structure: [], claims: [], faults: [] }
  for (const exercise of exercises) {
    const before = ladder[ladder.indexOf(exercise) - 1]
    const result = { exercise: exercise.id, problems: structureProblems(exercise, repository, before) }
    proof.structure.push(result)
    told.structure(result)
  }
  for (let seed = 1; seed <= seeds; seed++) {
    for (const claim of exercises.flatMap((exercise) => claimsOf(exercise, repository))) {
      const { finding, ms } = await verifyClaim(stage, claim, seed, signal)
      const result = {
        exercise: claim.exercise.id,
        role: claim.role,
        name: claim.name,
        seed,
        ms: Math.round(ms),
        ...finding,
      }
      proof.claims.push(result)
      told.claim(result)
    }
    await told.settled(proof)
    if (seed > 1 || !plan.faults) continue
    for (const exercise of exercises)
      proof.faults.push(...(await verifyFaults(stage, exercise, { seed, repository, signal }, told.fault)))
    await told.settled(proof)
  }
  return proof
}

export function holds({ structure, claims, faults }: Proof): boolean {
  return (
    structure.every(({ problems }) => problems.length === 0) &&
    claims.every((claim) => claim.holds) &&
    faults.every(({ effect }) => effect.bites)
  )
}
