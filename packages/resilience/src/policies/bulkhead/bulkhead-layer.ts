import { BulkheadFullError } from '../../errors/errors.ts'
import { stackless } from '../../errors/stackless.ts'
import type { Waiter } from '../../gate/gate.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import type { Timer } from '../../world/world.ts'
import type { Bulkhead } from './bulkhead.ts'

export class BulkheadLayer implements HookLayer<void> {
  private readonly policy: Bulkhead
  private readonly binding: Binding

  constructor(policy: Bulkhead, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(call: Call): void {
    const { gate, maxWait } = this.policy
    if (gate.tryEnter()) return
    const waiter = new QueuedCall(call)
    if (!gate.tryQueue(waiter)) throw this.rejection(this.whyFull())
    call.wait(() => {
      gate.leaveQueue(waiter)
      waiter.timer?.cancel()
    })
    if (maxWait === Number.POSITIVE_INFINITY) return
    waiter.timer = this.binding.world.setTimer(maxWait, () => {
      gate.leaveQueue(waiter)
      call.refuse(this.rejection(`no place became free within ${maxWait} ms`))
    })
  }

  exit(): void {
    this.policy.gate.leave()
  }

  private whyFull(): string {
    const { maxConcurrent, maxQueued } = this.policy.gate
    const queue = maxQueued === 0 ? 'there is no queue' : `${maxQueued} more are queued`
    return `${maxConcurrent} calls are in flight and ${queue}`
  }

  private rejection(why: string): BulkheadFullError {
    this.policy.count()
    const origin = { pipeline: this.binding.pipeline, policy: this.policy.name }
    const error = stackless(() => new BulkheadFullError(origin, why))
    if (this.binding.observed) this.binding.emit({ type: 'rejection', ...origin, error })
    return error
  }
}

class QueuedCall implements Waiter {
  previous: Waiter | undefined = undefined
  next: Waiter | undefined = undefined
  timer: Timer | undefined = undefined
  private readonly call: Call

  constructor(call: Call) {
    this.call = call
  }

  admitted(): void {
    this.timer?.cancel()
    this.call.resume()
  }
}
