import type { Health, HealthCounts } from './health.ts'

const FAILED = 1
const SLOW = 2

/** The last `size` calls, in a ring of one byte a call. */
export class CountWindow implements Health {
  private readonly ring: Uint8Array
  private position = 0
  private readonly counts: HealthCounts = { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 }

  constructor(size: number) {
    this.ring = new Uint8Array(size)
  }

  record(_now: number, failed: boolean, slow: boolean): void {
    const { counts, ring, position } = this
    if (counts.calls === ring.length) this.forget(ring[position] ?? 0)
    ring[position] = (failed ? FAILED : 0) | (slow ? SLOW : 0)
    this.position = position + 1 === ring.length ? 0 : position + 1
    counts.calls++
    if (failed) counts.failures++
    if (slow) counts.slow++
    counts.consecutiveFailures = failed ? counts.consecutiveFailures + 1 : 0
  }

  /** Its byte is somewhere in the ring; the failure is noted on the latest call that has none. */
  recordLate(): void {
    const { ring, counts } = this
    for (let back = 1; back <= counts.calls; back++) {
      const index = (this.position - back + ring.length) % ring.length
      const call = ring[index] ?? 0
      if (call !== SLOW) continue
      ring[index] = call | FAILED
      counts.failures++
      counts.consecutiveFailures++
      return
    }
  }

  read(): HealthCounts {
    return this.counts
  }

  reset(): void {
    this.position = 0
    Object.assign(this.counts, { calls: 0, failures: 0, slow: 0, consecutiveFailures: 0 })
  }

  private forget(call: number): void {
    this.counts.calls--
    if (call & FAILED) this.counts.failures--
    if (call & SLOW) this.counts.slow--
  }
}
