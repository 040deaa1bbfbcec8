import { ShedError } from '../../errors/errors.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, anObject, either, milliseconds, type Rule } from '../../options/rules.ts'
import type { Priority } from '../../pipeline/execute-options.ts'
import type { HookedCall } from '../../pipeline/hooked-call.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { priorityOf } from '../../pipeline/priorities.ts'
import { rejection } from '../../pipeline/rejection.ts'

export interface ShedOptions {
  /**
   * What tells the load, from 0 to 1: policies with a `load` (bulkhead, adaptiveLimit, rateLimit, throttle; of this or
   * any other pipeline), or functions. The highest counts.
   */
  load: LoadSource | readonly LoadSource[]
  /** Calls of a priority are turned away from this load on. Default: low 0.5, normal 0.8, high 0.95, critical never. */
  thresholds?: Thresholds
  /** Milliseconds, for the error's `retryAfter`. Default 1 000. */
  retryAfter?: number
  /** In errors, events and metrics. Default `shed`. */
  name?: string
}

type Thresholds = Partial<Record<Priority, number>>

export type LoadSource = { readonly load: number } | (() => number)

/**
 * Gives up the less important calls first when the load grows: keeps room for what matters instead of turning calls
 * away by chance. Stands outside of what bounds the load: `[shed({ load: places }), places]`. The caller names the
 * priority: `execute(fn, { priority: 'low' })`. A call that is given up fails with a `ShedError`.
 *
 * Source: criticality in "Handling Overload", Site Reliability Engineering.
 */
export function shed(options: ShedOptions): Shed {
  return new Shed(options)
}

export class Shed implements Policy {
  readonly kind = 'shed'
  readonly name: string
  private sources: readonly LoadSource[]
  private thresholds: Settled<Thresholds>
  private settings: Settled<ShedOptions>
  private readonly shed: Record<Priority, number> = { low: 0, normal: 0, high: 0, critical: 0 }

  constructor(options: ShedOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.thresholds = THRESHOLDS.create(this.settings.thresholds)
    this.sources = listOf(this.settings.load)
  }

  attach(binding: Binding): HookLayer<void> {
    return {
      enter: (call: HookedCall) => {
        const priority = priorityOf(call)
        const threshold = this.thresholds[priority]
        if (threshold !== Number.POSITIVE_INFINITY && this.load >= threshold) throw this.rejection(binding, priority)
      },
      exit: () => {},
    }
  }

  /** The highest of the sources. */
  get load(): number {
    let highest = 0
    for (const source of this.sources) {
      const load = typeof source === 'function' ? source() : source.load
      if (load > highest) highest = load
    }
    return highest
  }

  /** Thresholds change one by one. */
  reconfigure(options: Partial<Omit<ShedOptions, 'name'>>): void {
    const changed = OPTIONS.change(this.settings, options)
    this.thresholds = THRESHOLDS.change(this.thresholds, options.thresholds ?? {})
    this.sources = listOf(changed.load)
    this.settings = changed
  }

  /** How many calls of each priority were turned away, and the load. */
  metrics(): PolicyMetrics {
    return { ...this.shed, load: this.load }
  }

  private rejection(binding: Binding, priority: Priority): ShedError {
    this.shed[priority]++
    const { retryAfter } = this.settings
    return rejection(binding, this.name, (origin) => new ShedError(origin, priority, { retryAfter }))
  }
}

const OPTIONS = new OptionTable<ShedOptions>('shed', {
  load: { rule: either(anObject, aFunction), required: true },
  thresholds: { rule: anObject, default: {} },
  retryAfter: { rule: milliseconds(0), default: 1_000 },
  name: { rule: aName, default: 'shed', fixed: true },
})

/** Above 1 nothing is ever shed, as a load is 1 at the most. */
const aThreshold: Rule = {
  test: (value) => typeof value === 'number' && value >= 0,
  text: 'a load from 0 to 1, or Infinity for never',
}

const THRESHOLDS = new OptionTable<Thresholds>('shed.thresholds', {
  low: { rule: aThreshold, default: 0.5 },
  normal: { rule: aThreshold, default: 0.8 },
  high: { rule: aThreshold, default: 0.95 },
  critical: { rule: aThreshold, default: Number.POSITIVE_INFINITY },
})

function listOf(load: LoadSource | readonly LoadSource[]): readonly LoadSource[] {
  return isList(load) ? load : [load]
}

function isList(load: LoadSource | readonly LoadSource[]): load is readonly LoadSource[] {
  return Array.isArray(load)
}
