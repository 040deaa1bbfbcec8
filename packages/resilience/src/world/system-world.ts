import type { Timer, World } from './world.ts'

/** Held, since the global is a getter. */
const clock = globalThis.performance

/** The real clock, timers and randomness. The one file that touches them. */
export const systemWorld: World = {
  now: () => clock.now(),
  epoch: () => Date.now(),
  random: () => Math.random(),
  setTimer: (delay, callback, background = false) => new SystemTimer(delay, callback, background),
  onIdle(callback) {
    if (typeof process !== 'undefined') process.on('beforeExit', callback)
  },
}

/** `setTimeout` fires at once for a longer delay than this; a longer one is waited for in pieces. */
const LONGEST_DELAY = 2 ** 31 - 1

class SystemTimer implements Timer {
  private handle: ReturnType<typeof setTimeout> | undefined
  private remaining: number
  private readonly callback: () => void
  private readonly background: boolean

  constructor(delay: number, callback: () => void, background: boolean) {
    this.remaining = delay
    this.callback = callback
    this.background = background
    this.arm()
  }

  cancel(): void {
    clearTimeout(this.handle)
  }

  private arm(): void {
    const delay = Math.min(this.remaining, LONGEST_DELAY)
    this.remaining -= delay
    this.handle = setTimeout(() => {
      if (this.remaining > 0) this.arm()
      else this.callback()
    }, delay)
    if (this.background) this.handle.unref?.()
  }
}
