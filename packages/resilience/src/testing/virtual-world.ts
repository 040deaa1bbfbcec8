import { seededRandom } from '../random/seeded-random.ts'
import type { Timer, World } from '../world/world.ts'

export interface VirtualWorldOptions {
  /** Of the randomness. Default 1. */
  seed?: number
  /** Epoch milliseconds at the start. Default 2026-01-01T00:00:00Z. */
  epoch?: number
}

/** A world in which time passes only when told: `pipeline(name, policies, { world })`. No test needs to sleep. */
export function virtualWorld(options: VirtualWorldOptions = {}): VirtualWorld {
  return new VirtualWorld(options)
}

export class VirtualWorld implements World {
  readonly random: () => number
  private readonly startEpoch: number
  private time = 0
  /** By time, and by the order of their setting at the same time. */
  private readonly timers: VirtualTimer[] = []

  constructor({ seed = 1, epoch = Date.UTC(2026, 0, 1) }: VirtualWorldOptions) {
    this.random = seededRandom(seed)
    this.startEpoch = epoch
  }

  now(): number {
    return this.time
  }

  epoch(): number {
    return this.startEpoch + this.time
  }

  setTimer(delay: number, callback: () => void): Timer {
    const timer: VirtualTimer = { at: this.time + Math.max(0, delay), callback, cancel: () => this.cancel(timer) }
    const later = this.timers.findIndex(({ at }) => at > timer.at)
    this.timers.splice(later < 0 ? this.timers.length : later, 0, timer)
    return timer
  }

  onIdle(): void {}

  /** Timers that are set. */
  get pending(): number {
    return this.timers.length
  }

  /** Lets so many milliseconds pass; timers fire in order, and what they set off happens before the next one fires. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds
    await settled()
    while ((this.timers[0]?.at ?? Number.POSITIVE_INFINITY) <= until) await this.fireNext()
    this.time = until
  }

  /**
   * Lets time pass until the promise settles.
   *
   * @throws Error when nothing is left that could settle it
   */
  async until<T>(promise: PromiseLike<T>): Promise<T> {
    let done = false
    const finish = () => {
      done = true
    }
    promise.then(finish, finish)
    await settled()
    while (!done) {
      if (this.timers.length === 0)
        throw new Error('The promise is still pending, and no timer is set that could settle it: something hangs.')
      await this.fireNext()
    }
    return promise
  }

  private async fireNext(): Promise<void> {
    const timer = this.timers.shift()
    if (timer === undefined) return
    this.time = Math.max(this.time, timer.at)
    timer.callback()
    await settled()
  }

  private cancel(timer: VirtualTimer): void {
    const index = this.timers.indexOf(timer)
    if (index >= 0) this.timers.splice(index, 1)
  }
}

interface VirtualTimer extends Timer {
  at: number
  callback: () => void
}

/** Everything that promises can do without time passing has been done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
