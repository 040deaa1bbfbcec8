import { BulkheadFullError } from '../../errors/errors.ts'
import { WaitingCall } from '../../gate/waiting-call.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import { rejection } from '../../pipeline/rejection.ts'
import type { Bulkhead } from './bulkhead.ts'

export class BulkheadLayer implements HookLayer<void> {
  private readonly policy: Bulkhead
  private readonly binding: Binding

  constructor(policy: Bulkhead, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(call: HookedCall): void {
    const { gate, maxWait } = this.policy
    if (gate.tryEnter()) return
    const waiter = new WaitingCall(call, this.displaced)
    if (!gate.hasRoomFor(waiter.rank)) throw this.rejection(this.whyFull())
    call.wait(() => {
      gate.leaveQueue(waiter)
      waiter.timer?.cancel()
    })
    if (maxWait !== Number.POSITIVE_INFINITY)
      waiter.timer = this.binding.world.setTimer(maxWait, () => {
        gate.leaveQueue(waiter)
        waiter.refuse(this.rejection(`no place became free within ${maxWait} ms`))
      })
    // Last, since it may displace another call, whose event may be heard by who makes further calls at once.
    gate.enqueue(waiter)
  }

  exit(): void {
    this.policy.gate.leave()
  }

  private readonly displaced = () => this.rejection('its place in the queue went to a call of higher priority')

  private whyFull(): string {
    const { maxConcurrent, maxQueued } = this.policy.gate
    const queue = maxQueued === 0 ? 'there is no queue' : `${maxQueued} more are queued`
    return `${maxConcurrent} calls are in flight and ${queue}`
  }

  private rejection(why: string): BulkheadFullError {
    this.policy.count()
    return rejection(this.binding, this.policy.name, (origin) => new BulkheadFullError(origin, why))
  }
}
