/** A timer that is late by less than this is noise, and the next turn makes up for it; more is a real pause. */
const NOISE = 50

/**
 * Spaces things out: each starts when the one before is done. Late timers don't add up, but time that was spent
 * waiting for a slow reader is not made up for in a burst either.
 */
export class Pace {
  #free: number

  /** @param free when the first thing may start */
  constructor(free: number) {
    this.#free = free
  }

  /** When something that came at `from` may start. */
  start(from: number): number {
    return Math.max(this.#free, from)
  }

  /**
   * What was due at `due` is done at `now`; the next may start `gap` later.
   *
   * @returns the moment at which it counts as done
   */
  done(due: number, now: number, gap = 0): number {
    const done = now - due < NOISE ? due : now
    this.#free = done + gap
    return done
  }
}
