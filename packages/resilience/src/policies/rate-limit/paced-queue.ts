import { PriorityQueue } from '../../gate/priority-queue.ts'
import type { Waiter } from '../../gate/waiter.ts'
import type { Timer, World } from '../../world/world.ts'
import type { Pacer } from './pacer.ts'

/**
 * Calls that wait for their turn, with one timer for the next of them. A call takes its turn when it starts, not when it
 * begins to wait: so one that is cancelled holds up nobody.
 */
export class PacedQueue {
  private readonly pacer: Pacer
  private readonly world: World
  private readonly waiting = new PriorityQueue()
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

  /** Milliseconds that one more call of this rank would wait, behind those that go before it. */
  nextWait(rank: number): number {
    return this.pacer.wait(this.world.now()) + this.waiting.ahead(rank) * this.pacer.spacing
  }

  /**
   * Where the last of all would have to wait for longer than `maxWait` then, the one that came last of the lowest rank
   * leaves. Only for a call whose own `nextWait` is not too long.
   */
  enter(waiter: Waiter, maxWait: number): void {
    const last = this.pacer.wait(this.world.now()) + this.waiting.size * this.pacer.spacing
    const leaving = last > maxWait ? this.waiting.lastBehind(waiter.rank) : undefined
    if (leaving !== undefined) this.waiting.remove(leaving)
    this.waiting.add(waiter)
    this.arm()
    leaving?.displaced()
  }

  leave(waiter: Waiter): void {
    this.waiting.remove(waiter)
    if (this.waiting.size === 0) this.disarm()
  }

  reschedule(): void {
    this.disarm()
    this.admit()
  }

  /** Lets in whose turn has come. */
  admit(): void {
    for (;;) {
      const now = this.world.now()
      if (this.pacer.wait(now) > 0) break
      const waiter = this.waiting.take()
      if (waiter === undefined) break
      this.pacer.take(now)
      waiter.admitted()
    }
    if (this.waiting.size === 0) this.disarm()
    else this.arm()
  }

  private arm(): void {
    if (this.timer !== undefined) return
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
}
