import type { Backoff } from '../../backoff/backoff.ts'
import { checkOptions, requireThat } from '../../options/check-options.ts'
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

export interface CircuitBreakerSettings extends HandledOutcomes {
  readonly failureRate: number
  readonly window: number
  readonly windowCalls: number | undefined
  readonly consecutiveFailures: number | undefined
  readonly minimumCalls: number
  readonly slowCall: number | undefined
  readonly slowCallRate: number
  readonly openFor: number | Backoff
  readonly halfOpenCalls: number
}

export const CIRCUIT_BREAKER_DEFAULTS: CircuitBreakerSettings = {
  failureRate: 0.5,
  window: 10_000,
  windowCalls: undefined,
  consecutiveFailures: undefined,
  minimumCalls: 10,
  slowCall: undefined,
  slowCallRate: 0.5,
  openFor: 5_000,
  halfOpenCalls: 1,
}

export function settleCircuitBreaker(
  options: CircuitBreakerOptions,
  base: CircuitBreakerSettings,
): CircuitBreakerSettings {
  check(options)
  const kindGiven = [options.window, options.windowCalls, options.consecutiveFailures].some(
    (kind) => kind !== undefined,
  )
  const settings = {
    failureRate: options.failureRate ?? base.failureRate,
    window: options.window ?? base.window,
    windowCalls: kindGiven ? options.windowCalls : base.windowCalls,
    consecutiveFailures: kindGiven ? options.consecutiveFailures : base.consecutiveFailures,
    minimumCalls: options.minimumCalls ?? base.minimumCalls,
    slowCall: options.slowCall ?? base.slowCall,
    slowCallRate: options.slowCallRate ?? base.slowCallRate,
    openFor: options.openFor ?? base.openFor,
    halfOpenCalls: options.halfOpenCalls ?? base.halfOpenCalls,
    handleError: options.handleError ?? base.handleError,
    handleResult: options.handleResult ?? base.handleResult,
  }
  const { windowCalls, minimumCalls } = settings
  requireThat(
    windowCalls === undefined || minimumCalls <= windowCalls,
    'circuitBreaker',
    'minimumCalls',
    `minimumCalls is ${minimumCalls}, but windowCalls is ${windowCalls}: it would never open`,
  )
  return settings
}

function check(options: CircuitBreakerOptions): void {
  checkOptions('circuitBreaker', options, {
    failureRate: share,
    window: milliseconds(1),
    windowCalls: wholeNumber(1),
    consecutiveFailures: wholeNumber(1),
    minimumCalls: wholeNumber(1),
    slowCall: milliseconds(1),
    slowCallRate: share,
    openFor: either(milliseconds(0), aFunction),
    halfOpenCalls: wholeNumber(1),
    handleError: aFunction,
    handleResult: aFunction,
    name: aName,
  })
  const kinds = (['window', 'windowCalls', 'consecutiveFailures'] as const).filter(
    (kind) => options[kind] !== undefined,
  )
  requireThat(
    kinds.length <= 1,
    'circuitBreaker',
    kinds[1] ?? '',
    `${kinds.join(' and ')} are given, but each counts differently: choose one`,
  )
}
