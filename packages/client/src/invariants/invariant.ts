import type { Evidence, EvidenceSoFar } from './evidence.ts'

/** A named check with a measured value and a limit. */
export interface Invariant {
  readonly name: string
  /** How long the evidence is read anew while the check fails (ms); 0 by default. For what may take a moment to be true. */
  readonly patience?: number
  check(evidence: Evidence): Finding | Promise<Finding>
  /**
   * Where it stands while the run goes on: a finding as soon as nothing that may come can change whether it passes, a
   * measurement until then. Never another answer than `check` gives in the end.
   */
  early?(soFar: EvidenceSoFar): Finding | Measured
  /** What `early` wants to be read during the run: requests at the menu and at loyalty, or the order book. */
  readonly reads?: readonly ('arrivals' | 'book')[]
}

/** What an open check has measured so far. */
export interface Measured {
  readonly open: true
  /** Absent while nothing was. */
  readonly shown?: string
  readonly shownLimit?: string
}

/** What a check found. */
export interface Finding {
  readonly passed: boolean
  readonly measured: number
  readonly limit: number
  readonly unit: string
  /** The measured value for people, where a number and a unit say too little, as `5 of 6, one twice`. */
  readonly shown?: string
  /** The limit for people, where it isn't obvious from `shown`. */
  readonly shownLimit?: string
  /** One or two calm sentences: what happened, and what it means. Only when the check failed. */
  readonly why?: string
  /** The order whose trace shows it best. */
  readonly order?: number
  /** The exercise that teaches how to mend it. */
  readonly exercise?: string
  /** True when waiting can't mend it, so that nobody waits. */
  readonly final?: boolean
}

export interface InvariantResult extends Finding {
  readonly name: string
}
