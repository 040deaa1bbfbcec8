import type { Stage } from '@chaos-kitchen/kitchen'
import type { Exercise } from '../exercises/index.ts'
import { type Claim, claimsOf } from './claim.ts'
import { shareInOrder } from './share.ts'
import type { Sitting } from './sitting.ts'
import { structureProblems } from './structure.ts'
import { verifyClaim } from './verify-claim.ts'
import { type FaultFinding, verifyFaults } from './verify-faults.ts'

/** One run of a claim, and whether it bears out what the kit says. */
export interface ClaimResult {
  readonly exercise: string
  readonly role: Claim['role']
  readonly name: string
  readonly seed: number
  readonly ms: number
  /** How late timers of this process were at most, in milliseconds: whether the machine was busy with something else. */
  readonly late?: number
  readonly holds: boolean
  readonly failed: readonly string[]
  readonly problem?: string
  /** Index in the proof's sittings. */
  readonly sitting: number
}

export interface StructureResult {
  readonly exercise: string
  readonly problems: readonly string[]
}

/** What was found of the faults of one exercise on one seed. */
export interface FaultResult {
  readonly exercise: string
  readonly seed: number
  readonly findings: readonly FaultFinding[]
  readonly sitting: number
}

/** All that was found so far, in this sitting and in those that it goes on from. */
export interface Proof {
  readonly sittings: Sitting[]
  readonly structure: StructureResult[]
  readonly claims: ClaimResult[]
  readonly faults: FaultResult[]
}

export interface ProofPlan {
  readonly exercises: readonly Exercise[]
  /** The whole ladder, in which each exercise builds on the one before. */
  readonly ladder: readonly Exercise[]
  /** From 1 to this. */
  readonly seeds: number
  /** On the seeds from 1 to this, each fault is run alone, too. */
  readonly faultSeeds: number
  readonly sitting: Sitting
  /** Sittings to go on from: what was found there is not run again. */
  readonly earlier?: Pick<Proof, 'sittings' | 'claims' | 'faults'>
  readonly repository: string
  readonly signal: AbortSignal
}

export interface ProofListener {
  structure(result: StructureResult): void
  claim(result: ClaimResult): Promise<void>
  faults(result: FaultResult): Promise<void>
  /** After each seed and at the end, with all that was found. */
  settled(proof: Proof): Promise<void>
}

type Task = { readonly seed: number } & ({ readonly claim: Claim } | { readonly faultsOf: Exercise })
type Result = { readonly claim: ClaimResult } | { readonly faults: FaultResult }

/**
 * Puts everything that the kit says of its exercises to the test: what needs no restaurant first, then seed by seed,
 * shared among the restaurants. What is found is told in the same order, however many there are.
 */
export async function prove(stages: readonly Stage[], plan: ProofPlan, told: ProofListener): Promise<Proof> {
  const { earlier = { sittings: [], claims: [], faults: [] }, signal } = plan
  const sitting = earlier.sittings.length
  const structure = plan.exercises.map((exercise) => structureOf(exercise, plan))
  structure.forEach(told.structure)
  const proof = {
    ...{ sittings: [...earlier.sittings, plan.sitting], structure },
    ...{ claims: [...earlier.claims], faults: [...earlier.faults] },
  }
  const perform = async (stage: Stage, task: Task): Promise<Result> => {
    signal.throwIfAborted()
    return 'claim' in task
      ? { claim: { ...(await verifyClaim(stage, task.claim, task.seed, signal)), sitting } }
      : { faults: { ...(await faultsOf(stage, task.faultsOf, task.seed, plan)), sitting } }
  }
  const tasks = tasksOf(plan).filter((task) => !isKnown(task, earlier))
  await shareInOrder(stages, tasks, perform, async (result, index) => {
    if ('claim' in result) {
      proof.claims.push(result.claim)
      await told.claim(result.claim)
    } else {
      proof.faults.push(result.faults)
      await told.faults(result.faults)
    }
    const following = tasks[index + 1]
    if (following !== undefined && following.seed !== tasks[index]?.seed) await told.settled(proof)
  })
  await told.settled(proof)
  return proof
}

/** Whether earlier sittings found all of it, so that no restaurant is needed. */
export function isKnownAlready(plan: ProofPlan): boolean {
  const { earlier } = plan
  return earlier !== undefined && tasksOf(plan).every((task) => isKnown(task, earlier))
}

function tasksOf({ exercises, seeds, faultSeeds, repository, sitting }: ProofPlan): Task[] {
  const claims = exercises.map((exercise) => claimsOf(exercise, repository))
  const inTurn = sitting.concurrency === 1 ? claims.flat() : takingTurns(claims)
  return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed): Task[] => [
    ...inTurn.map((claim) => ({ seed, claim })),
    ...(seed <= faultSeeds ? exercises : []).map((exercise) => ({ seed, faultsOf: exercise })),
  ])
}

/** The first of each, then the second of each: restaurants side by side are not busy with the heaviest all at once. */
function takingTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const most = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: most }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat()
}

function isKnown(task: Task, { claims, faults }: Pick<Proof, 'claims' | 'faults'>): boolean {
  const { seed } = task
  if ('faultsOf' in task) return faults.some((known) => known.exercise === task.faultsOf.id && known.seed === seed)
  const { exercise, name } = task.claim
  return claims.some((known) => known.exercise === exercise.id && known.name === name && known.seed === seed)
}

function structureOf(exercise: Exercise, { ladder, repository }: ProofPlan): StructureResult {
  const before = ladder[ladder.indexOf(exercise) - 1]
  return { exercise: exercise.id, problems: structureProblems(exercise, repository, before) }
}

async function faultsOf(stage: Stage, exercise: Exercise, seed: number, { repository, signal }: ProofPlan) {
  const findings = await verifyFaults(stage, exercise, { seed, repository, signal })
  return { exercise: exercise.id, seed, findings }
}

export function holds({ structure, claims, faults }: Proof): boolean {
  return (
    structure.every(({ problems }) => problems.length === 0) &&
    claims.every((claim) => claim.holds) &&
    faults.every(({ findings }) => findings.every(({ effect }) => effect.bites))
  )
}
