import { TimeoutError } from '../../errors/errors.ts'
import { Gate } from '../../gate/gate.ts'
import { checkSnapshot, requireThat } from '../../options/check-options.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, milliseconds, number, oneOf, orNothing, share, wholeNumber } from '../../options/rules.ts'
import type { HandledOutcomes } from '../../outcome/handled.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { AdaptiveLimitLayer } from './adaptive-limit-layer.ts'
import { Aimd, type AimdOptions } from './aimd.ts'
import { Gradient, type GradientOptions } from './gradient.ts'
import type { Learnt, LimitAlgorithm, Sample } from './limit-algorithm.ts'

export interface AdaptiveLimitOptions extends HandledOutcomes, GradientOptions, AimdOptions {
  /** `gradient` (the default) watches durations, `aimd` drops. */
  algorithm?: 'gradient' | 'aimd'
  /** Calls in flight to begin with. Default 20. */
  initial?: number
  /** Default 5. */
  min?: number
  /** Default 200. */
  max?: number
  /** Which errors mean that the callee has too much to do. Default: timeouts. */
  handleError?: ((error: unknown) => boolean) | undefined
  /** In errors, events and metrics. Default `adaptiveLimit`. */
  name?: string
}

/**
 * A bulkhead that finds its own size: lets as many calls in at once as the callee handles without getting slower.
 * Further calls are turned away with a `LimitReachedError`; nobody waits, as a queue would hide what it measures.
 *
 * Source: Netflix's concurrency-limits; TCP's congestion control.
 */
export function adaptiveLimit(options: AdaptiveLimitOptions = {}): AdaptiveLimit {
  return new AdaptiveLimit(options)
}

export class AdaptiveLimit implements Policy {
  readonly kind = 'adaptiveLimit'
  readonly name: string
  readonly gate: Gate
  /** The options in force. */
  settings: AdaptiveLimitSettings
  rejections = 0
  private estimate: number
  private algorithm: LimitAlgorithm
  private readonly bindings: Binding[] = []

  constructor(options: AdaptiveLimitOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.algorithm = algorithmFor(this.settings)
    this.estimate = this.within(this.settings.initial)
    this.gate = new Gate(Math.floor(this.estimate), 0)
  }

  /** Calls in flight at once, as of now. */
  get limit(): number {
    return this.gate.maxConcurrent
  }

  get inFlight(): number {
    return this.gate.inFlight
  }

  /** From 0, idle, to 1, full; for `shed`. */
  get load(): number {
    return this.gate.load
  }

  attach(binding: Binding): AdaptiveLimitLayer {
    this.bindings.push(binding)
    return new AdaptiveLimitLayer(this, binding)
  }

  learn(sample: Sample): void {
    this.moveTo(this.algorithm.update(sample, this.estimate))
  }

  /** Keeps what was learnt: the limit, within the new bounds, and what durations are usual. */
  reconfigure(options: Omit<AdaptiveLimitOptions, 'name' | 'initial'>): void {
    const learnt = this.algorithm.learnt()
    this.settings = OPTIONS.change(this.settings, options)
    this.algorithm = algorithmFor(this.settings)
    this.algorithm.takeOver(learnt)
    this.moveTo(this.estimate)
  }

  /** What was learnt: a restart under load would take the durations of the load for usual. */
  snapshot(): AdaptiveLimitSnapshot {
    return { limit: this.estimate, ...this.algorithm.learnt() }
  }

  /** Takes up where a snapshot left off, within the bounds of now. */
  restore(snapshot: unknown): void {
    checkSnapshot<AdaptiveLimitSnapshot>('adaptiveLimit', snapshot, SNAPSHOT_RULES)
    const { limit, usual = 0, steps = 0 } = snapshot
    this.algorithm.takeOver({ usual, steps })
    this.moveTo(limit)
  }

  metrics(): PolicyMetrics {
    return { limit: this.limit, inFlight: this.inFlight, rejections: this.rejections }
  }

  private moveTo(limit: number): void {
    const from = this.limit
    this.estimate = this.within(limit)
    const to = Math.floor(this.estimate)
    if (to === from) return
    this.gate.resize(to, 0)
    for (const binding of this.bindings)
      if (binding.observed) binding.emit({ type: 'limit', pipeline: binding.pipeline, policy: this.name, from, to })
  }

  private within(limit: number): number {
    return Math.min(this.settings.max, Math.max(this.settings.min, limit))
  }
}

export interface AdaptiveLimitSnapshot extends Partial<Learnt> {
  limit: number
}

const SNAPSHOT_RULES = { limit: number(1), usual: orNothing(number(0)), steps: orNothing(wholeNumber(0)) }

export type AdaptiveLimitSettings = Settled<AdaptiveLimitOptions, 'handleResult'>

const OPTIONS = new OptionTable<AdaptiveLimitOptions, 'handleResult'>(
  'adaptiveLimit',
  {
    algorithm: { rule: oneOf('gradient', 'aimd'), default: 'gradient' },
    initial: { rule: wholeNumber(1), default: 20, fixed: true },
    min: { rule: wholeNumber(1), default: 5 },
    max: { rule: wholeNumber(1), default: 200 },
    smoothing: { rule: share, default: 0.2 },
    tolerance: { rule: number(1), default: 1.5 },
    queueSize: { rule: number(0), default: 4 },
    sampleWindow: { rule: milliseconds(0), default: 200 },
    longWindow: { rule: wholeNumber(1), default: 600 },
    decrease: { rule: share, default: 0.9 },
    slowCall: { rule: milliseconds(1), default: 5_000 },
    handleError: { rule: aFunction, default: (error) => error instanceof TimeoutError },
    handleResult: { rule: aFunction, default: undefined },
    name: { rule: aName, default: 'adaptiveLimit', fixed: true },
  },
  ({ min, max }) => requireThat(min <= max, 'adaptiveLimit', 'max', `max is ${max}, but must not be below min, ${min}`),
)

function algorithmFor(settings: AdaptiveLimitSettings): LimitAlgorithm {
  return settings.algorithm === 'aimd' ? new Aimd(settings) : new Gradient(settings)
}
