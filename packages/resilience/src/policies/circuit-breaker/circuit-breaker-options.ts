import type { Backoff } from '../../backoff/backoff.ts'
import { requireThat } from '../../options/check-options.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aFunction, aName, either, milliseconds, share, wholeNumber } from '../../options/rules.ts'
import type { HandledOutcomes } from '../../outcome/handled.ts'

/**
 * Which calls are counted: those of the last `window` milliseconds (the default), the last `windowCalls`, or those since
 * the last success (`consecutiveFailures`). Give at most one of the three.
 */
export interface CircuitBreakerOptions extends HandledOutcomes {
  /** Opens when this share of the counted calls failed. Default 0.5. */
  failureRate?: number
  /** Counts the calls of this many milliseconds. Default 10 000. */
  window?: number
  /** Counts this many calls, the latest. */
  windowCalls?: number
  /** Opens after this many failures in a row; `failureRate` and `minimumCalls` don't apply then. */
  consecutiveFailures?: number
  /** The share says nothing before so many calls were counted. Default 10. */
  minimumCalls?: number
  /**
   * A call that takes longer than this many milliseconds is slow, also while it is still in flight. Default: no call
   * is.
   */
  slowCall?: number
  /** Opens when this share of the counted calls was slow. Default 0.5 where `slowCall` is given. */
  slowCallRate?: number
  /**
   * Milliseconds from opening until trial calls are let through; a backoff makes each further break longer (its
   * `attempt` is how often in a row the circuit has opened). Default 5 000.
   */
  openFor?: number | Backoff
  /** Trial calls that are let through while half-open, at once or one after the other. Default 1. */
  halfOpenCalls?: number
  /** In errors, events and metrics. Default `circuitBreaker`. */
  name?: string
}

export type CircuitBreakerSettings = Settled<CircuitBreakerOptions, Unset>
type Unset = 'windowCalls' | 'consecutiveFailures' | 'slowCall' | keyof HandledOutcomes

export function createSettings(options: CircuitBreakerOptions): CircuitBreakerSettings {
  requireOneKind(options)
  return OPTIONS.create(options)
}

/** Another way of counting takes the place of the one before. */
export function changeSettings(before: CircuitBreakerSettings, options: CircuitBreakerOptions): CircuitBreakerSettings {
  const base = requireOneKind(options) ? { ...before, windowCalls: undefined, consecutiveFailures: undefined } : before
  return OPTIONS.change(base, options)
}

const OPTIONS = new OptionTable<CircuitBreakerOptions, Unset>(
  'circuitBreaker',
  {
    failureRate: { rule: share, default: 0.5 },
    window: { rule: milliseconds(1), default: 10_000 },
    windowCalls: { rule: wholeNumber(1), default: undefined },
    consecutiveFailures: { rule: wholeNumber(1), default: undefined },
    minimumCalls: { rule: wholeNumber(1), default: 10 },
    slowCall: { rule: milliseconds(1), default: undefined },
    slowCallRate: { rule: share, default: 0.5 },
    openFor: { rule: either(milliseconds(0), aFunction), default: 5_000 },
    halfOpenCalls: { rule: wholeNumber(1), default: 1 },
    handleError: { rule: aFunction, default: undefined },
    handleResult: { rule: aFunction, default: undefined },
    name: { rule: aName, default: 'circuitBreaker', fixed: true },
  },
  ({ windowCalls, minimumCalls }) =>
    requireThat(
      windowCalls === undefined || minimumCalls <= windowCalls,
      'circuitBreaker',
      'minimumCalls',
      `minimumCalls is ${minimumCalls}, but windowCalls is ${windowCalls}: it would never open`,
    ),
)

/** @returns whether one was given */
function requireOneKind(options: CircuitBreakerOptions): boolean {
  const kinds = (['window', 'windowCalls', 'consecutiveFailures'] as const).filter(
    (kind) => options?.[kind] !== undefined,
  )
  requireThat(
    kinds.length <= 1,
    'circuitBreaker',
    kinds[1] ?? '',
    `${kinds.join(' and ')} are given, but each counts differently: choose one`,
  )
  return kinds.length === 1
}
