/**
 * Hands out times at which one call each may start: on average one every `spacing` milliseconds, and up to `burst` at
 * once after a pause. The generic cell rate algorithm: one number of state.
 */
export class Pacer {
  spacing: number
  burst: number
  /** When the next call would be due if all kept their distance. */
  private due = Number.NEGATIVE_INFINITY

  constructor(spacing: number, burst: number) {
    this.spacing = spacing
    this.burst = burst
  }

  /** Milliseconds that a call of now would have to wait. */
  wait(now: number): number {
    return Math.max(0, this.due - (this.burst - 1) * this.spacing - now)
  }

  /** Milliseconds until the next call would be due if all kept their distance; 0 after a pause. */
  debt(now: number): number {
    return Math.max(0, this.due - now)
  }

  /** As if so much had just been taken; never more than what calls can take at once. */
  owe(now: number, debt: number): void {
    this.due = now + Math.min(debt, this.burst * this.spacing)
  }

  take(now: number): void {
    this.due = Math.max(this.due, now) + this.spacing
  }
}
