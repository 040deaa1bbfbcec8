import { OptionTable } from '../../options/option-table.ts'
import { aName } from '../../options/rules.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Binding, NextOptions, Policy, PolicyMetrics, WrapLayer } from '../../pipeline/policy.ts'
import { whenEnded } from '../../pipeline/when-ended.ts'

export interface CoalesceOptions {
  /** In events and metrics. Default `coalesce`. */
  name?: string
}

/**
 * Calls of the same `key` that are under way at once are one call: the later ones get the outcome of the first. The
 * work goes on as long as anyone waits for it, whoever of them came first, and its signal aborts when the last one
 * leaves. Only for reads. Source: Go's singleflight.
 */
export function coalesce(options: CoalesceOptions = {}): Coalesce {
  return new Coalesce(options)
}

export class Coalesce implements Policy<never, { key: string }> {
  declare readonly types?: { result: never; options: { key: string } }
  readonly kind = 'coalesce'
  readonly name: string
  private readonly shared = new Map<string, SharedCall>()
  private coalesced = 0

  constructor(options: CoalesceOptions) {
    this.name = OPTIONS.create(options).name
  }

  attach(binding: Binding): WrapLayer {
    return {
      wrap: (next, context) => {
        const { key = '' } = context
        let call = this.shared.get(key)
        if (call === undefined) {
          call = new SharedCall(next, (ended) => this.forget(key, ended))
          this.shared.set(key, call)
        } else {
          this.coalesced++
          if (binding.observed) binding.emit({ type: 'coalesced', pipeline: binding.pipeline, policy: this.name })
        }
        return call.join(context)
      },
    }
  }

  metrics(): PolicyMetrics {
    return { coalesced: this.coalesced, inFlight: this.shared.size }
  }

  private forget(key: string, call: SharedCall): void {
    if (this.shared.get(key) === call) this.shared.delete(key)
  }
}

const OPTIONS = new OptionTable<CoalesceOptions>('coalesce', {
  name: { rule: aName, default: 'coalesce', fixed: true },
})

class SharedCall {
  private readonly controller = new AbortController()
  private readonly outcome: Promise<unknown>
  private readonly forget: (call: SharedCall) => void
  private waiting = 0

  constructor(next: (options?: NextOptions) => Promise<unknown>, forget: (call: SharedCall) => void) {
    this.forget = forget
    this.outcome = next({ background: true, signal: this.controller.signal }).finally(() => forget(this))
  }

  async join(context: CallContext): Promise<unknown> {
    this.waiting++
    const stay = whenEnded(context, (reason) => this.leave(reason))
    try {
      return await this.outcome
    } finally {
      stay()
    }
  }

  private leave(reason: unknown): void {
    this.waiting--
    if (this.waiting > 0) return
    this.forget(this)
    this.controller.abort(reason)
  }
}
