import type { Call } from '../../pipeline/call.ts'
import type { Timer, World } from '../../world/world.ts'
import type { Pacer } from './pacer.ts'

/**
 * Calls that wait for their turn, first come first served, with one timer for the first of them. A call takes its turn
 * when it starts, not when it begins to wait: so one that is cancelled holds up nobody.
 */
export class PacedQueue {
  private readonly pacer: Pacer
  private readonly world: World
  private readonly waiting = new Set<Call>()
  private timer: Timer | undefined

  constructor(pacer: Pacer, world: World) {
    this.pacer = pacer
    this.world = world
  }

  get size(): number {
    return this.waiting.size
  }

  tryEnter(): boolean {
    const now = this.world.now()
    if (this.waiting.size > 0 || this.pacer.wait(now) > 0) return false
    this.pacer.take(now)
    return true
  }

  /** Milliseconds that one more call would wait behind those that do. */
  nextWait(): number {
    return this.pacer.wait(this.world.now()) + this.waiting.size * this.pacer.spacing
  }

  enter(call: Call): void {
    this.waiting.add(call)
    call.wait(() => {
      this.waiting.delete(call)
      if (this.waiting.size === 0) this.disarm()
    })
    this.arm()
  }

  reschedule(): void {
    this.disarm()
    this.admit()
  }

  private arm(): void {
    if (this.timer !== undefined || this.waiting.size === 0) return
    const wait = this.pacer.wait(this.world.now())
    this.timer = this.world.setTimer(wait, () => {
      this.timer = undefined
      this.admit()
    })
  }

  private disarm(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  private admit(): void {
    for (const call of this.waiting) {
      const now = this.world.now()
      if (this.pacer.wait(now) > 0) break
      this.pacer.take(now)
      this.waiting.delete(call)
      call.resume()
    }
    this.arm()
  }
}
