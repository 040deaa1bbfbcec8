import type { Backoff } from '../../backoff/backoff.ts'
import { checkSnapshot, requireThat } from '../../options/check-options.ts'
import { milliseconds, number, oneOf, wholeNumber } from '../../options/rules.ts'
import { show } from '../../options/show.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'
import { Circuit, type CircuitRules, type CircuitState } from './circuit.ts'
import { CircuitBreakerLayer } from './circuit-breaker-layer.ts'
import {
  type CircuitBreakerOptions,
  type CircuitBreakerSettings,
  changeSettings,
  createSettings,
} from './circuit-breaker-options.ts'
import { ConsecutiveHealth } from './health/consecutive.ts'
import { CountWindow } from './health/count-window.ts'
import type { Health } from './health/health.ts'
import { TimeWindow } from './health/time-window.ts'

/**
 * Stops calling a callee that fails or is slow: after too many bad calls it opens and turns calls away at once with a
 * `CircuitOpenError`; after a break it is half-open and lets trial calls through, which close it again or open it for
 * another break. Share one among all calls to one callee; never one a call.
 *
 * Counts failures (`handleError`, `handleResult`) and, with `slowCall`, slow calls. Doesn't count what was turned away
 * further in, what never reached the function, and what the caller cancelled.
 *
 * Source: Nygard's "Release It!"; slow calls and windows as in resilience4j.
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  return new CircuitBreaker(options)
}

export class CircuitBreaker implements Policy {
  readonly kind = 'circuitBreaker'
  readonly name: string
  /** The options in force. */
  settings: CircuitBreakerSettings
  readonly circuit: Circuit
  /** Counted by the layers. */
  readonly counters = { successes: 0, failures: 0, slow: 0, rejections: 0 }
  private world: World = systemWorld
  private readonly bindings: Binding[] = []

  constructor(options: CircuitBreakerOptions) {
    this.settings = createSettings(options)
    this.name = this.settings.name
    this.circuit = new Circuit(this.rules(), healthFor(this.settings), (from, to, reason) =>
      this.announce(from, to, reason),
    )
  }

  /** As of now: a break that is over counts as half-open. */
  get state(): CircuitState {
    const { state, opensUntil } = this.circuit
    return state === 'open' && this.world.now() >= opensUntil ? 'half-open' : state
  }

  attach(binding: Binding): CircuitBreakerLayer {
    this.world = binding.world
    this.bindings.push(binding)
    return new CircuitBreakerLayer(this, binding)
  }

  /** Turns all calls away until `close`. */
  isolate(): void {
    this.circuit.isolate('isolated by hand')
  }

  /** Closes the circuit, whatever its state, and forgets what was counted. */
  close(): void {
    this.circuit.close('closed by hand')
  }

  /** Changes the options that are given. The state stays; what was counted stays unless the window changes. */
  reconfigure(options: Omit<CircuitBreakerOptions, 'name'>): void {
    const before = this.settings
    this.settings = changeSettings(before, options)
    this.circuit.rules = this.rules()
    const { window, windowCalls, consecutiveFailures } = this.settings
    const sameKind = (consecutiveFailures === undefined) === (before.consecutiveFailures === undefined)
    if (window !== before.window || windowCalls !== before.windowCalls || !sameKind)
      this.circuit.health = healthFor(this.settings)
  }

  /**
   * What a restart should not forget: a plain object for JSON. Half-open is a break that is over. A circuit isolated by
   * hand counts as closed, since nobody may be left who knows of it.
   */
  snapshot(): CircuitSnapshot {
    const { state, openings, opensUntil } = this.circuit
    if (state !== 'open' && state !== 'half-open') return { state: 'closed', openings: 0, openUntil: 0 }
    return { state: 'open', openings, openUntil: this.world.epoch() + Math.max(0, opensUntil - this.world.now()) }
  }

  /**
   * Takes up where a snapshot left off; a break that is over by now leaves it half-open, and none is longer than it would
   * be by the options of now.
   */
  restore(snapshot: unknown): void {
    checkSnapshot<CircuitSnapshot>('circuitBreaker', snapshot, SNAPSHOT_RULES)
    if (snapshot.state !== 'open') return
    const now = this.world.now()
    this.circuit.openings = Math.max(0, snapshot.openings - 1)
    this.circuit.open(now, 'restored from a snapshot')
    this.circuit.opensUntil = Math.min(this.circuit.opensUntil, now + (snapshot.openUntil - this.world.epoch()))
  }

  metrics(): PolicyMetrics {
    return { state: this.state, ...this.counters }
  }

  private announce(from: CircuitState, to: CircuitState, reason: string): void {
    for (const binding of this.bindings)
      if (binding.observed)
        binding.emit({ type: 'state', pipeline: binding.pipeline, policy: this.name, from, to, reason })
  }

  private rules(): CircuitRules {
    const { failureRate, slowCall, slowCallRate, minimumCalls, consecutiveFailures, openFor, halfOpenCalls } =
      this.settings
    const never = Number.POSITIVE_INFINITY
    return {
      failureRate: consecutiveFailures === undefined ? failureRate : never,
      slowCallRate: slowCall === undefined || consecutiveFailures !== undefined ? never : slowCallRate,
      minimumCalls,
      consecutiveFailures: consecutiveFailures ?? never,
      halfOpenCalls,
      openFor: (openings) => (typeof openFor === 'number' ? openFor : this.breakBy(openFor, openings)),
    }
  }

  private breakBy(openFor: Backoff, openings: number): number {
    const time = openFor({ attempt: openings, previous: 0, error: undefined, random: this.world.random })
    const isTime = A_BREAK.test(time)
    requireThat(isTime, this.kind, 'openFor', `openFor returned ${show(time)}, but must return ${A_BREAK.text}`)
    return time
  }
}

export interface CircuitSnapshot {
  state: 'closed' | 'open'
  /** How often in a row it has opened. */
  openings: number
  /** Epoch milliseconds. */
  openUntil: number
}

const A_BREAK = milliseconds(0)
const SNAPSHOT_RULES = { state: oneOf('closed', 'open'), openings: wholeNumber(0), openUntil: number(0) }

function healthFor(settings: CircuitBreakerSettings): Health {
  if (settings.consecutiveFailures !== undefined) return new ConsecutiveHealth()
  if (settings.windowCalls !== undefined) return new CountWindow(settings.windowCalls)
  return new TimeWindow(settings.window)
}
