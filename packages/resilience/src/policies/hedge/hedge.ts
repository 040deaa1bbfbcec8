import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, anObject, either, milliseconds, share, wholeNumber } from '../../options/rules.ts'
import type { HandledOutcomes } from '../../outcome/handled.ts'
import type { Binding, Policy, PolicyMetrics, WrapLayer } from '../../pipeline/policy.ts'
import { LatencyHistogram } from '../../windows/latency-histogram.ts'
import type { RetryBudget } from '../retry/retry-budget.ts'
import { HedgedCall } from './hedged-call.ts'

export interface HedgeOptions extends HandledOutcomes {
  /**
   * When the next attempt starts while those before have no outcome: after so many milliseconds, or when the call takes
   * longer than a share of recent calls did. Default `{ quantile: 0.95 }`.
   */
  after?: number | HedgeQuantile
  /** Calls in flight for one, the first included. Default 2. */
  maxAttempts?: number
  /** Shared with the retries to the same callee. Default: none. */
  budget?: RetryBudget
  /** In events and metrics. Default `hedge`. */
  name?: string
}

export interface HedgeQuantile {
  /** 0.95: hedges the slowest 5 % of calls. */
  quantile: number
  /** Never sooner than after so many milliseconds. Default 1. */
  atLeast?: number
  /** Calls to learn from before the first is hedged. Default 20. */
  minimumCalls?: number
}

/**
 * Starts a second attempt when the first takes long, takes the outcome that comes first, and cancels the others. Cuts
 * off the slow tail of a callee with many replicas, for a few per cent more calls. Only for what may run twice:
 * `idempotent: false` is never hedged. A failed attempt does not end the call while others are under way.
 *
 * Source: "The Tail at Scale", Dean and Barroso.
 */
export function hedge(options: HedgeOptions = {}): Hedge {
  return new Hedge(options)
}

export class Hedge implements Policy {
  readonly kind = 'hedge'
  readonly name: string
  /** The options in force. */
  settings: Settled<HedgeOptions, Unset>
  readonly counters = { hedged: 0, won: 0, overBudget: 0 }
  private after: number | Settled<HedgeQuantile>
  private readonly latencies = new LatencyHistogram(500)

  constructor(options: HedgeOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.after = settleAfter(this.settings)
  }

  attach(binding: Binding): WrapLayer {
    return {
      wrap: (next, context) => {
        this.settings.budget?.onCall(binding.world.now())
        return new HedgedCall(this, binding, next, context).run()
      },
    }
  }

  /** Milliseconds before the next attempt; undefined: none. */
  delay(): number | undefined {
    const { after } = this
    if (typeof after === 'number') return after
    const { quantile, atLeast, minimumCalls } = after
    if (this.latencies.count < minimumCalls) return undefined
    return Math.max(atLeast, this.latencies.quantile(quantile))
  }

  learn(duration: number): void {
    this.latencies.record(duration)
  }

  /** Keeps what was learnt. */
  reconfigure(options: Omit<HedgeOptions, 'name'>): void {
    const changed = OPTIONS.change(this.settings, options)
    this.after = settleAfter(changed)
    this.settings = changed
  }

  metrics(): PolicyMetrics {
    return { ...this.counters }
  }
}

type Unset = 'budget' | keyof HandledOutcomes

const OPTIONS = new OptionTable<HedgeOptions, Unset>('hedge', {
  after: { rule: either(milliseconds(0), anObject), default: { quantile: 0.95 } },
  maxAttempts: { rule: wholeNumber(1), default: 2 },
  budget: { rule: anObject, default: undefined },
  handleError: { rule: aFunction, default: undefined },
  handleResult: { rule: aFunction, default: undefined },
  name: { rule: aName, default: 'hedge', fixed: true },
})

const AFTER = new OptionTable<HedgeQuantile>('hedge.after', {
  quantile: { rule: share, required: true },
  atLeast: { rule: milliseconds(0), default: 1 },
  minimumCalls: { rule: wholeNumber(1), default: 20 },
})

function settleAfter({ after }: Settled<HedgeOptions, Unset>): number | Settled<HedgeQuantile> {
  return typeof after === 'number' ? after : AFTER.create(after)
}
