import type { Evidence } from './evidence.ts'

/** A named check with a measured value and a limit. */
export interface Invariant {
  readonly name: string
  /** How long the evidence is read anew while the check fails (ms); 0 by default. For what may take a moment to be true. */
  readonly patience?: number
  check(evidence: Evidence): Finding | Promise<Finding>
  /** Told after every order, while the rest still come; undefined while nothing can be said. */
  early?(evidence: Pick<Evidence, 'orders'>): Finding | undefined
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
