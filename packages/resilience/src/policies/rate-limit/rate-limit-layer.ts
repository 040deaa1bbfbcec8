import { RateLimitedError } from '../../errors/errors.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import { rejection } from '../../pipeline/rejection.ts'
import { PacedCall } from './paced-call.ts'
import type { PacedQueue } from './paced-queue.ts'
import type { RateLimit } from './rate-limit.ts'

export class RateLimitLayer implements HookLayer<void> {
  private readonly policy: RateLimit
  private readonly queue: PacedQueue
  private readonly binding: Binding

  constructor(policy: RateLimit, queue: PacedQueue, binding: Binding) {
    this.policy = policy
    this.queue = queue
    this.binding = binding
  }

  enter(call: HookedCall): void {
    const { queue } = this
    if (queue.tryEnter()) return
    const { maxWait } = this.policy.settings
    const waiter = new PacedCall(call, queue, this.binding.world, maxWait, this.rejection)
    if (queue.nextWait(waiter.rank) > maxWait) throw this.rejection(waiter.rank)
    call.wait(() => {
      queue.leave(waiter)
      waiter.timer?.cancel()
    })
    queue.enter(waiter, maxWait)
  }

  exit(): void {}

  private readonly rejection = (rank: number): RateLimitedError => {
    this.policy.count()
    const wait = Math.ceil(this.queue.nextWait(rank))
    return rejection(this.binding, this.policy.name, (origin) => new RateLimitedError(origin, wait))
  }
}
