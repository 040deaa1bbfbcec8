/** Learns from finished calls how many the callee can take at once. */
export interface LimitAlgorithm {
  /** @returns the new limit, not yet rounded or bounded */
  update(sample: Sample, limit: number): number
  /** Goes on with what the one before has learnt, as far as both learn the same. */
  takeOver(before: LimitAlgorithm): void
}

export interface Sample {
  /** When it ended, on the world's clock. */
  at: number
  /** Milliseconds. */
  duration: number
  /** Calls in flight when this one started, itself included. */
  inFlight: number
  /** It failed for want of capacity: a timeout, or what `handleError` says. */
  dropped: boolean
}
