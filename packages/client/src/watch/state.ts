import { hintedInvariant } from '../learn/hints.ts'
import { initialState, type RunState, reduce as reduceRun } from '../run/run-state.ts'
import type { Verdict } from '../run/verdict.ts'
import type { OpenedExercise, WatchEvent } from './events.ts'
import type { Mistake } from './mistake.ts'

/** All that the screen of an exercise needs to know; made from events alone. */
export interface WatchState {
  readonly opened: OpenedExercise
  readonly seed: number
  /** Of this exercise, since it was opened; 0 before the first. */
  readonly run: number
  readonly phase: Phase
  /** How many hints are shown, by invariant. */
  readonly hintLevels: Readonly<Record<string, number>>
  readonly now: number
  /** One sentence about what a key did; the next key takes it away. */
  readonly notice: { readonly text: string; readonly stays?: boolean } | undefined
  /** A key that is asked for twice was pressed once. */
  readonly confirming: 'reset' | undefined
  readonly page: Page | undefined
}

export type Phase =
  | { readonly name: 'predicting' }
  | { readonly name: 'starting'; readonly at: number }
  | { readonly name: 'running'; readonly at: number; readonly servedAt: number; readonly state: RunState }
  | { readonly name: 'mistaken'; readonly mistake: Mistake }
  | { readonly name: 'judged'; readonly verdict: Verdict; readonly line: number | undefined }

/** Text over the whole screen. */
export interface Page {
  readonly title: string
  readonly lines: readonly string[]
  /** The first line that is shown. */
  readonly offset: number
  /** In the list of exercises, the one that Enter opens. */
  readonly cursor?: number
  readonly changes?: boolean
}

export function openState(opened: OpenedExercise, seed: number, now = 0): WatchState {
  const { runs = 0, hints = {} } = opened.progress
  return {
    ...{ opened, seed, now, run: 0, hintLevels: hints, notice: undefined, confirming: undefined, page: undefined },
    // Who has run it before has answered the question before.
    phase: runs === 0 ? { name: 'predicting' } : { name: 'starting', at: now },
  }
}

export function isGreen({ phase }: WatchState): boolean {
  return phase.name === 'judged' && phase.verdict.passed
}

export function failedInvariants({ phase }: WatchState): string[] {
  if (phase.name !== 'judged') return []
  return phase.verdict.invariants.filter(({ passed }) => !passed).map(({ name }) => name)
}

/** The hint that fits, and how far it has been told. */
export function currentHint(
  state: WatchState,
): { invariant: string; level: number; texts: readonly string[] } | undefined {
  const { hints } = state.opened
  const invariant = hintedInvariant(hints, failedInvariants(state))
  if (invariant === undefined) return undefined
  const texts = hints.get(invariant) ?? []
  return { invariant, texts, level: Math.min(state.hintLevels[invariant] ?? 0, texts.length) }
}

/** What happened, without what a person asked for: see `update`. Events of runs that were cancelled change nothing. */
export function advance(
  state: WatchState,
  event: Exclude<WatchEvent, { type: 'key' | 'saved' | 'seeded' }>,
): WatchState {
  switch (event.type) {
    case 'opened':
      return openState(event.exercise, event.seed, state.now)
    case 'tick':
      return { ...state, now: event.at }
    case 'notice':
      return { ...state, notice: event }
    case 'page':
      return {
        ...state,
        page: { title: event.title, lines: event.lines, offset: 0, ...(event.changes && { changes: true }) },
      }
    default:
      return event.run === state.run ? advanceRun(state, event) : state
  }
}

type OfRun = Extract<WatchEvent, { run: number }>

function advanceRun(state: WatchState, event: OfRun): WatchState {
  const { phase } = state
  switch (event.type) {
    case 'started':
      return { ...state, now: event.at, phase: { name: 'starting', at: event.at } }
    case 'serving': {
      const at = phase.name === 'starting' ? phase.at : event.at
      const running = initialState(state.opened.exercise.battery)
      return { ...state, now: event.at, phase: { name: 'running', at, servedAt: event.at, state: running } }
    }
    case 'run':
      return phase.name === 'running'
        ? { ...state, phase: { ...phase, state: reduceRun(phase.state, event.event) } }
        : state
    case 'mistake':
      return { ...state, phase: { name: 'mistaken', mistake: event.mistake } }
    case 'verdict':
      return judged({
        ...state,
        notice: kept(state),
        phase: { name: 'judged', verdict: event.verdict, line: event.line },
      })
  }
}

/** What was said of the run before, or of this one while it went on, is over. */
export function kept({ notice }: WatchState): WatchState['notice'] {
  return notice?.stays ? notice : undefined
}

function judged(state: WatchState): WatchState {
  if (!isGreen(state)) return state
  const { exercise, ladder } = state.opened
  const passed = ladder.map((step) => (step.id === exercise.id ? { ...step, passed: true } : step))
  return { ...state, opened: { ...state.opened, ladder: passed } }
}
