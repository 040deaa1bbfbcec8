import type { Rule } from '../options/rules.ts'

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

  /** What the sum is made of, the oldest first. */
  history(now: number): PastAmount[] {
    this.moveTo(now)
    return Array.from({ length: SLICES }, (_, index) => ({
      age: (SLICES - 1 - index) * this.sliceSpan,
      amount: this.slices[(this.slice + 1 + index) % SLICES] ?? 0,
    })).filter(({ amount }) => amount > 0)
  }

  /** A history in the place of what was added, from a sum of any span. @param elapsed milliseconds since it was told */
  replay(now: number, history: readonly PastAmount[], elapsed: number): void {
    this.moveTo(now)
    this.slices.fill(0)
    this.total = 0
    for (const { age, amount } of history) {
      const slicesAgo = Math.floor((age + elapsed) / this.sliceSpan)
      if (slicesAgo >= SLICES) continue
      const index = (this.slice + SLICES - slicesAgo) % SLICES
      this.slices[index] = (this.slices[index] ?? 0) + amount
      this.total += amount
    }
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

/** `age`: milliseconds ago. */
export interface PastAmount {
  age: number
  amount: number
}

export const aHistory: Rule = {
  test: (value) => Array.isArray(value) && value.every(isPastAmount),
  text: 'a list of { age, amount }, both of at least 0',
}

function isPastAmount(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('age' in value) || !('amount' in value)) return false
  return [value.age, value.amount].every((each) => Number.isFinite(each) && Number(each) >= 0)
}
