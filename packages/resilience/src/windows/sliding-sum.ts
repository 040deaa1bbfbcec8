/** Slices of a window: the granularity with which old values are forgotten. */
const SLICES = 10

/** The sum of what was added in the last `span` milliseconds, to a tenth of it. O(1) in time and memory. */
export class SlidingSum {
  private readonly sliceSpan: number
  private readonly slices = new Float64Array(SLICES)
  private slice = 0
  private total = 0

  constructor(span: number) {
    this.sliceSpan = span / SLICES
  }

  add(now: number, amount: number): void {
    this.moveTo(now)
    const index = this.slice % SLICES
    this.slices[index] = (this.slices[index] ?? 0) + amount
    this.total += amount
  }

  sum(now: number): number {
    this.moveTo(now)
    return this.total
  }

  private moveTo(now: number): void {
    const slice = Math.floor(now / this.sliceSpan)
    if (slice <= this.slice) return
    const first = Math.max(this.slice + 1, slice - SLICES + 1)
    for (let gone = first; gone <= slice; gone++) {
      this.total -= this.slices[gone % SLICES] ?? 0
      this.slices[gone % SLICES] = 0
    }
    this.slice = slice
  }
}
