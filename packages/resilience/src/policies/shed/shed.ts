import { ShedError } from '../../errors/errors.ts'
import { stackless } from '../../errors/stackless.ts'
import { checkOptions, OptionError } from '../../options/check-options.ts'
import { aFunction, aName, anObject, either, milliseconds, number } from '../../options/rules.ts'
import type { Call } from '../../pipeline/call.ts'
import type { Priority } from '../../pipeline/execute-options.ts'
import type { Binding, HookLayer, Policy, PolicyMetrics } from '../../pipeline/policy.ts'

export interface ShedOptions {
  /**
   * What tells the load, from 0 to 1: policies with a `load` (bulkhead, adaptiveLimit, rateLimit, throttle; of this or
   * any other pipeline), or functions. The highest counts.
   */
  load: LoadSource | readonly LoadSource[]
  /** Calls of a priority are turned away from this load on. Default: low 0.5, normal 0.8, high 0.95, critical never. */
  thresholds?: Partial<Record<Priority, number>>
  /** Milliseconds, for the error's `retryAfter`. Default 1 000. */
  retryAfter?: number
  /** In errors, events and metrics. Default `shed`. */
  name?: string
}

export type LoadSource = { readonly load: number } | (() => number)

/**
 * Gives up the less important calls first when the load grows: keeps room for what matters instead of turning calls
 * away by chance. Stands outside of what bounds the load: `[shed({ load: places }), places]`. The caller names the
 * priority: `execute(fn, { priority: 'low' })`.
 */
export function shed(options: ShedOptions): Shed {
  return new Shed(options)
}

export class Shed implements Policy {
  readonly kind = 'shed'
  readonly name: string
  private sources: readonly LoadSource[] = []
  private thresholds: Record<Priority, number> = {
    low: 0.5,
    normal: 0.8,
    high: 0.95,
    critical: Number.POSITIVE_INFINITY,
  }
  private retryAfter = 1_000
  private readonly shed: Record<Priority, number> = { low: 0, normal: 0, high: 0, critical: 0 }

  constructor(options: ShedOptions) {
    this.name = options.name ?? this.kind
    if (options.load === undefined) throw new OptionError('shed', 'load', 'load must be given: what tells the load')
    this.reconfigure(options)
  }

  attach(binding: Binding): HookLayer<void> {
    return {
      enter: (call: Call) => {
        const priority = call.options.priority ?? 'normal'
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

  reconfigure(options: Partial<ShedOptions>): void {
    checkOptions('shed', options, {
      load: either(anObject, aFunction),
      thresholds: anObject,
      retryAfter: milliseconds(0),
      name: aName,
    })
    const { load, thresholds = {}, retryAfter = this.retryAfter } = options
    const threshold = number(0)
    checkOptions('shed.thresholds', thresholds, {
      low: threshold,
      normal: threshold,
      high: threshold,
      critical: threshold,
    })
    if (load !== undefined) this.sources = isList(load) ? load : [load]
    this.thresholds = { ...this.thresholds, ...thresholds }
    this.retryAfter = retryAfter
  }

  /** How many calls of each priority were turned away, and the load. */
  metrics(): PolicyMetrics {
    return { ...this.shed, load: this.load }
  }

  private rejection(binding: Binding, priority: Priority): ShedError {
    this.shed[priority]++
    const origin = { pipeline: binding.pipeline, policy: this.name }
    const error = stackless(() => new ShedError(origin, priority, { retryAfter: this.retryAfter }))
    if (binding.observed) binding.emit({ type: 'rejection', ...origin, error })
    return error
  }
}

function isList(load: LoadSource | readonly LoadSource[]): load is readonly LoadSource[] {
  return Array.isArray(load)
}
