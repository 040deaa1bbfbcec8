import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Circuit } from '../../src/policies/circuit-breaker/circuit.ts'
import { CountWindow } from '../../src/policies/circuit-breaker/health/count-window.ts'
import { check } from '../check.ts'

const RULES = {
  failureRate: 0.5,
  slowCallRate: 0.5,
  minimumCalls: 3,
  consecutiveFailures: Number.POSITIVE_INFINITY,
  openFor: (openings: number) => 100 * openings,
}
const WINDOW = 5

/** The rules written down once more, as lists instead of counters. */
class Reference {
  state = 'closed'
  generation = 0
  private history: { failed: boolean; slow: boolean }[] = []
  private trials = { inFlight: 0, passed: 0, failed: 0 }
  private openUntil = 0
  private openings = 0
  private readonly halfOpenCalls: number

  constructor(halfOpenCalls: number) {
    this.halfOpenCalls = halfOpenCalls
  }

  enter(now: number): number {
    if (this.state === 'open' && now >= this.openUntil) this.become('half-open')
    if (this.state === 'closed') return this.generation
    if (this.state === 'open') return -1
    const { inFlight, passed, failed } = this.trials
    if (inFlight + passed + failed >= this.halfOpenCalls) return -1
    this.trials.inFlight++
    return this.generation
  }

  record(generation: number, now: number, failed: boolean, slow: boolean): void {
    if (generation !== this.generation || this.state === 'open') return
    if (this.state === 'closed') {
      this.history = [...this.history, { failed, slow }].slice(-WINDOW)
      const share = (kind: 'failed' | 'slow') => this.history.filter((call) => call[kind]).length / this.history.length
      const bad = failed || slow
      if (bad && this.history.length >= 3 && (share('failed') >= 0.5 || share('slow') >= 0.5)) this.open(now)
      return
    }
    this.trials.inFlight--
    this.trials[failed || slow ? 'failed' : 'passed']++
    if (this.trials.failed >= this.halfOpenCalls * 0.5) this.open(now)
    else if (this.trials.passed + this.trials.failed >= this.halfOpenCalls) {
      this.openings = 0
      this.become('closed')
    }
  }

  release(generation: number): void {
    if (generation === this.generation && this.state === 'half-open') this.trials.inFlight--
  }

  private open(now: number): void {
    this.openings++
    this.openUntil = now + 100 * this.openings
    this.become('open')
  }

  private become(state: string): void {
    this.state = state
    this.generation++
    this.history = []
    this.trials = { inFlight: 0, passed: 0, failed: 0 }
  }
}

const command = fc.oneof(
  fc.record({ do: fc.constant('enter' as const) }),
  fc.record({
    do: fc.constant('end' as const),
    which: fc.nat(20),
    how: fc.constantFrom('success', 'failure', 'slow', 'slow failure', 'nothing'),
  }),
  fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 150 }) }),
)

test('the circuit does what the reference does, over any history', async () => {
  await check(
    fc.property(
      fc.array(command, { maxLength: 120, size: 'max' }),
      fc.integer({ min: 1, max: 4 }),
      (commands, halfOpenCalls) => {
        const circuit = new Circuit({ ...RULES, halfOpenCalls }, new CountWindow(WINDOW), () => {})
        const reference = new Reference(halfOpenCalls)
        const inFlight: number[] = []
        let now = 0
        for (const each of commands) {
          if (each.do === 'wait') now += each.time
          else if (each.do === 'enter') {
            const generation = circuit.tryEnter(now)
            expect(generation).toBe(reference.enter(now))
            if (generation >= 0) inFlight.push(generation)
          } else if (inFlight.length > 0) {
            const [generation = 0] = inFlight.splice(each.which % inFlight.length, 1)
            if (each.how === 'nothing') {
              circuit.release(generation)
              reference.release(generation)
            } else {
              const [failed, slow] = [each.how.includes('failure'), each.how.includes('slow')]
              circuit.record(generation, now, failed, slow)
              reference.record(generation, now, failed, slow)
            }
          }
          expect(circuit.state).toBe(reference.state)
        }
      },
    ),
    500,
  )
})
