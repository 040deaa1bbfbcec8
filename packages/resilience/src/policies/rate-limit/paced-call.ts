import { WaitingCall } from '../../gate/waiting-call.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { World } from '../../world/world.ts'
import type { PacedQueue } from './paced-queue.ts'

/** Its wait is not too long when it begins, but calls of higher priority may make it so: then it ends in time. */
export class PacedCall extends WaitingCall {
  private readonly queue: PacedQueue
  private readonly world: World
  private readonly waitsUntil: number
  private waiting = true

  constructor(
    call: HookedCall,
    queue: PacedQueue,
    world: World,
    maxWait: number,
    whenDisplaced: (rank: number) => Error,
  ) {
    super(call, whenDisplaced)
    this.queue = queue
    this.world = world
    this.waitsUntil = world.now() + maxWait
  }

  override admitted(): void {
    this.waiting = false
    super.admitted()
  }

  override overtaken(): boolean {
    if (this.timer !== undefined || this.waitsUntil === Number.POSITIVE_INFINITY) return false
    this.timer = this.world.setTimer(this.waitsUntil - this.world.now(), () => this.endWait())
    return true
  }

  private endWait(): void {
    // Its turn may have come at this very moment.
    this.queue.admit()
    if (!this.waiting) return
    this.queue.leave(this)
    this.displaced()
  }
}
