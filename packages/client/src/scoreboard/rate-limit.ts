export interface RateLimit {
  /** Whether one more of this address may come now. */
  allows(address: string): boolean
}

export interface RateLimitOptions {
  /** How many may come at once. */
  readonly burst: number
  /** How many a second after that. */
  readonly perSecond: number
  /** How many addresses are remembered; the one that was idle longest is forgotten first. */
  readonly addresses: number
  /** Milliseconds. */
  readonly now?: () => number
}

/** A token bucket for each address. */
export function rateLimit({ burst, perSecond, addresses, now = () => performance.now() }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    allows(address) {
      const at = now()
      const { tokens, at: before } = buckets.get(address) ?? { tokens: burst, at }
      const filled = Math.min(burst, tokens + ((at - before) / 1_000) * perSecond)
      buckets.delete(address)
      buckets.set(address, { tokens: filled >= 1 ? filled - 1 : filled, at })
      const [oldest] = buckets.keys()
      if (buckets.size > addresses && oldest !== undefined) buckets.delete(oldest)
      return filled >= 1
    },
  }
}
