/** Each bucket is 5 % wider than the one before, from 0.01 ms to more than a day. */
const GROWTH = Math.log(1.05)
const SMALLEST = 0.01
const BUCKETS = 480

/**
 * Quantiles of recent durations within 5 %, in constant memory and without sorting. Two generations: the full one is
 * dropped when the other has `size` durations, so that what counts are the latest `size` to 2 × `size`.
 */
export class LatencyHistogram {
  private readonly size: number
  private current = new Uint32Array(BUCKETS)
  private currentCount = 0
  private older = new Uint32Array(BUCKETS)
  private olderCount = 0

  constructor(size: number) {
    this.size = size
  }

  get count(): number {
    return this.currentCount + this.olderCount
  }

  record(milliseconds: number): void {
    if (this.currentCount === this.size) {
      const emptied = this.older.fill(0)
      this.older = this.current
      this.olderCount = this.currentCount
      this.current = emptied
      this.currentCount = 0
    }
    const bucket = bucketOf(milliseconds)
    this.current[bucket] = (this.current[bucket] ?? 0) + 1
    this.currentCount++
  }

  /** The duration that this share of calls stays within; 0 when there were none. */
  quantile(share: number): number {
    const rank = Math.ceil(share * this.count)
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += (this.current[bucket] ?? 0) + (this.older[bucket] ?? 0)
      if (seen >= rank && seen > 0) return SMALLEST * Math.exp(GROWTH * bucket)
    }
    return 0
  }
}

function bucketOf(milliseconds: number): number {
  if (milliseconds <= SMALLEST) return 0
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(milliseconds / SMALLEST) / GROWTH))
}
