import { Gate } from '../../gate/gate.ts'
import { checkOptions, checkSnapshot, requireThat } from '../../options/check-options.ts'
import { aFunction, aName, milliseconds, number, oneOf, share, wholeNumber } from '../../options/rules.ts'
import type { HandledOutcomes } from '../../outcome/handled.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { AdaptiveLimitLayer } from './adaptive-limit-layer.ts'
import { Aimd, type AimdOptions } from './aimd.ts'
import { Gradient, type GradientOptions } from './gradient.ts'
import type { LimitAlgorithm, Sample } from './limit-algorithm.ts'

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
 */
export function adaptiveLimit(options: AdaptiveLimitOptions = {}): AdaptiveLimit {
  return new AdaptiveLimit(options)
}

export class AdaptiveLimit implements Policy {
  readonly kind = 'adaptiveLimit'
  readonly name: string
  readonly gate: Gate
  options: AdaptiveLimitOptions
  rejections = 0
  private min = 0
  private max = 0
  private estimate: number
  private algorithm: LimitAlgorithm
  private readonly bindings: Binding[] = []

  constructor(options: AdaptiveLimitOptions) {
    this.options = options
    this.algorithm = this.configure(options)
    this.estimate = Math.min(this.max, Math.max(this.min, options.initial ?? 20))
    this.gate = new Gate(Math.floor(this.estimate), 0)
    this.name = options.name ?? this.kind
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

  /** Keeps the limit that was learnt, within the new bounds. */
  reconfigure(options: Omit<AdaptiveLimitOptions, 'name' | 'initial'>): void {
    const before = this.options
    this.options = { ...before, ...options }
    this.algorithm = this.configure(this.options)
    this.moveTo(this.estimate)
  }

  snapshot(): AdaptiveLimitSnapshot {
    return { limit: this.estimate }
  }

  restore(snapshot: unknown): void {
    checkSnapshot<AdaptiveLimitSnapshot>('adaptiveLimit', snapshot, { limit: number(1) })
    this.moveTo(snapshot.limit)
  }

  metrics(): PolicyMetrics {
    return { limit: this.limit, inFlight: this.inFlight, rejections: this.rejections }
  }

  private moveTo(limit: number): void {
    const from = this.limit
    this.estimate = Math.min(this.max, Math.max(this.min, limit))
    const to = Math.floor(this.estimate)
    if (to === from) return
    this.gate.resize(to, 0)
    for (const binding of this.bindings)
      if (binding.observed) binding.emit({ type: 'limit', pipeline: binding.pipeline, policy: this.name, from, to })
  }

  private configure(options: AdaptiveLimitOptions): LimitAlgorithm {
    check(options)
    this.min = options.min ?? 5
    this.max = options.max ?? 200
    requireThat(
      this.min <= this.max,
      'adaptiveLimit',
      'max',
      `max is ${this.max}, but must not be below min, ${this.min}`,
    )
    return options.algorithm === 'aimd' ? new Aimd(options) : new Gradient(options)
  }
}

export interface AdaptiveLimitSnapshot {
  limit: number
}

function check(options: AdaptiveLimitOptions): void {
  checkOptions('adaptiveLimit', options, {
    algorithm: oneOf('gradient', 'aimd'),
    initial: wholeNumber(1),
    min: wholeNumber(1),
    max: wholeNumber(1),
    smoothing: share,
    tolerance: number(1),
    queueSize: number(0),
    sampleWindow: milliseconds(0),
    longWindow: wholeNumber(1),
    decrease: share,
    slowCall: milliseconds(1),
    handleError: aFunction,
    handleResult: aFunction,
    name: aName,
  })
}
