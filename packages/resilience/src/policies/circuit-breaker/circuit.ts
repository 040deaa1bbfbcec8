import type { Health, HealthCounts } from './health/health.ts'

export type CircuitState = 'closed' | 'open' | 'half-open' | 'isolated'

/** When to open, for how long, and how many trial calls decide whether to close again. */
export interface CircuitRules {
  readonly failureRate: number
  readonly slowCallRate: number
  readonly minimumCalls: number
  readonly consecutiveFailures: number
  readonly halfOpenCalls: number
  /** @param openings how often in a row the circuit has opened, this time included */
  openFor(openings: number): number
}

/**
 * The state machine: decides, and counts nothing but trial calls. Each change of state begins a new generation; what a
 * call of an earlier generation came to never changes anything. (A call that started while the circuit was closed may
 * fail long after, while it is half-open: it says nothing about the callee of now.)
 */
export class Circuit {
  state: CircuitState = 'closed'
  generation = 0
  /** On the clock of `now`. */
  opensUntil = 0
  openings = 0
  rules: CircuitRules
  health: Health
  private readonly changed: (from: CircuitState, to: CircuitState, reason: string) => void
  private trialsInFlight = 0
  private trialsPassed = 0
  private trialsFailed = 0

  constructor(
    rules: CircuitRules,
    health: Health,
    changed: (from: CircuitState, to: CircuitState, reason: string) => void,
  ) {
    this.rules = rules
    this.health = health
    this.changed = changed
  }

  /** @returns the generation to give back with the outcome, or -1: turn the call away */
  tryEnter(now: number): number {
    if (this.state === 'closed') return this.generation
    if (this.state === 'open' && now >= this.opensUntil) this.move('half-open', 'the break is over')
    if (this.state !== 'half-open') return -1
    if (this.trialsInFlight + this.trialsPassed + this.trialsFailed >= this.rules.halfOpenCalls) return -1
    this.trialsInFlight++
    return this.generation
  }

  /** The outcome of a call. Counts while closed, decides while half-open, is ignored when it comes too late. */
  record(generation: number, now: number, failed: boolean, slow: boolean): void {
    if (generation !== this.generation) return
    if (this.state === 'closed') {
      this.health.record(now, failed, slow)
      if (failed || slow) this.openIfUnhealthy(now)
    } else if (this.state === 'half-open') {
      this.trialsInFlight--
      const passed = !failed && !(slow && this.rules.slowCallRate <= 1)
      if (passed) this.trialsPassed++
      else this.trialsFailed++
      this.decideTrial(now)
    }
  }

  /** A call that was counted as slow while in flight has failed after all. */
  recordLate(generation: number, now: number): void {
    if (generation !== this.generation || this.state !== 'closed') return
    this.health.recordLate(now)
    this.openIfUnhealthy(now)
  }

  /** A call came to nothing that says anything about the callee: its trial place is free again. */
  release(generation: number): void {
    if (generation === this.generation && this.state === 'half-open') this.trialsInFlight--
  }

  open(now: number, reason: string): void {
    const openings = this.openings + 1
    this.opensUntil = now + this.rules.openFor(openings)
    this.openings = openings
    this.move('open', reason)
  }

  close(reason: string): void {
    this.openings = 0
    this.move('closed', reason)
  }

  isolate(reason: string): void {
    this.move('isolated', reason)
  }

  private move(to: CircuitState, reason: string): void {
    const from = this.state
    this.state = to
    this.generation++
    this.trialsInFlight = 0
    this.trialsPassed = 0
    this.trialsFailed = 0
    this.health.reset()
    if (from !== to) this.changed(from, to, reason)
  }

  private openIfUnhealthy(now: number): void {
    const reason = whyUnhealthy(this.health.read(now), this.rules)
    if (reason !== undefined) this.open(now, reason)
  }

  /** One failed trial call is not the end where several are let through and their share of failures is tolerable. */
  private decideTrial(now: number): void {
    const { halfOpenCalls, failureRate } = this.rules
    const tolerable = Math.min(failureRate, 1) * halfOpenCalls
    if (this.trialsFailed >= tolerable) this.open(now, 'a trial call failed')
    else if (this.trialsPassed + this.trialsFailed >= halfOpenCalls) this.close('the trial calls succeeded')
  }
}

function whyUnhealthy(counts: HealthCounts, rules: CircuitRules): string | undefined {
  if (counts.consecutiveFailures >= rules.consecutiveFailures) return `${counts.consecutiveFailures} failures in a row`
  if (counts.calls < rules.minimumCalls) return undefined
  if (counts.failures >= rules.failureRate * counts.calls) return `${counts.failures} of ${counts.calls} calls failed`
  if (counts.slow >= rules.slowCallRate * counts.calls) return `${counts.slow} of ${counts.calls} calls were slow`
  return undefined
}
