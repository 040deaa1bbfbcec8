import { LimitReachedError } from '../../errors/errors.ts'
import { isFailure, isHandled } from '../../outcome/handled.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer } from '../../pipeline/policy.ts'
import { rejection } from '../../pipeline/rejection.ts'
import type { AdaptiveLimit } from './adaptive-limit.ts'

export class AdaptiveLimitLayer implements HookLayer<Entry> {
  private readonly policy: AdaptiveLimit
  private readonly binding: Binding

  constructor(policy: AdaptiveLimit, binding: Binding) {
    this.policy = policy
    this.binding = binding
  }

  enter(): Entry {
    const { gate } = this.policy
    if (!gate.tryEnter()) throw this.rejection()
    return { startedAt: this.binding.world.now(), inFlight: gate.inFlight }
  }

  exit(call: HookedCall, { startedAt, inFlight }: Entry): void {
    this.policy.gate.leave()
    if (call.cancelled || !call.started) return
    const dropped = isHandled(call, this.policy.settings)
    if (!dropped && call.failed && !isFailure(call.error)) return
    const at = this.binding.world.now()
    this.policy.learn({ at, duration: at - startedAt, inFlight, dropped })
  }

  private rejection(): LimitReachedError {
    this.policy.rejections++
    return rejection(this.binding, this.policy.name, (origin) => new LimitReachedError(origin, this.policy.limit))
  }
}

interface Entry {
  startedAt: number
  inFlight: number
}
