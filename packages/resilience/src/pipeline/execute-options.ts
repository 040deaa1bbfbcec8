/** How much a call matters, from what is given up last to what is given up first. */
export type Priority = 'critical' | 'high' | 'normal' | 'low'

export interface ExecuteOptions {
  /** Cancels the call: it rejects at once with the signal's own reason, and the function's signal aborts. */
  signal?: AbortSignal | undefined
  /**
   * When the caller stops waiting, in epoch milliseconds. The call rejects with `DeadlineExceededError` then, and no
   * attempt starts that could not end before.
   */
  deadline?: number | undefined
  /** False: the function must not run twice, so it is neither retried nor hedged. Default true. */
  idempotent?: boolean | undefined
  /** Default `normal`. Counts where calls are shed, or wait for a place or a turn. */
  priority?: Priority | undefined
  /** What the call is about; calls of the same key share a cached or a coalesced result. */
  key?: string | undefined
}
