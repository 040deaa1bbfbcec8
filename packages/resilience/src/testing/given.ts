import { AssertionError } from 'node:assert'
import { deepStrictEqual } from 'node:assert/strict'
import type { ExecuteOptions } from '../pipeline/execute-options.ts'
import { pipeline } from '../pipeline/pipeline.ts'
import type { AnyPolicy } from '../pipeline/policy.ts'
import type { ResilienceEvent } from '../telemetry/events.ts'
import { type Script, type Step, script } from './script.ts'
import { type VirtualWorld, virtualWorld } from './virtual-world.ts'

/**
 * Tests what policies do, in virtual time and without a sleep:
 *
 *     await given([retry({ maxAttempts: 3, backoff: constant(100) })])
 *       .when(fails(), fails(), succeeds('ok'))
 *       .thenExpect({ result: 'ok', attempts: 3, elapsed: 200 })
 */
export function given(policies: readonly AnyPolicy[], world: VirtualWorld = virtualWorld()): Given {
  return new Given(policies, world)
}

export class Given {
  readonly world: VirtualWorld
  private readonly events: ResilienceEvent[] = []
  private readonly execute: (script: Script, options: ExecuteOptions) => Promise<unknown>

  constructor(policies: readonly AnyPolicy[], world: VirtualWorld) {
    this.world = world
    const subject = pipeline('given', policies, { world })
    subject.subscribe((event) => this.events.push(event))
    const options: (own: ExecuteOptions) => ExecuteOptions & object = (own) => ({ key: 'key', ...own })
    this.execute = (run, own) => subject.execute(run, options(own))
  }

  /** One call of a function that does these steps, one an attempt, the last one for ever. */
  when(...steps: Step[]): When {
    return new When(steps, (own, options) => this.run(own, options))
  }

  private async run(steps: readonly Step[], options: ExecuteOptions): Promise<Report> {
    const { world } = this
    const run = script(world, ...steps)
    const startedAt = world.now()
    const eventsBefore = this.events.length
    const report = { attempts: 0, elapsed: 0, result: undefined, error: undefined, calls: run.calls }
    const outcome = await world.until(
      this.execute(run, options).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      ),
    )
    const events = this.events.slice(eventsBefore)
    return { ...report, ...outcome, attempts: run.calls.length, elapsed: world.now() - startedAt, events }
  }
}

/** What came of one call. */
export interface Report {
  /** How often the function was called. */
  attempts: number
  /** Milliseconds from the call to its outcome. */
  elapsed: number
  result: unknown
  error: unknown
  events: readonly ResilienceEvent[]
  calls: Script['calls']
}

export interface Expectation {
  result?: unknown
  /** An error of this type, with this code, or equal to this value. */
  error?: unknown
  attempts?: number
  /** Milliseconds. */
  elapsed?: number
  /** The types of all events but `execution`, in order. */
  events?: readonly ResilienceEvent['type'][]
}

class When {
  private readonly steps: readonly Step[]
  private readonly run: (steps: readonly Step[], options: ExecuteOptions) => Promise<Report>

  constructor(steps: readonly Step[], run: (steps: readonly Step[], options: ExecuteOptions) => Promise<Report>) {
    this.steps = steps
    this.run = run
  }

  /** Runs the call and reports; for assertions of your own. */
  report(options: ExecuteOptions = {}): Promise<Report> {
    return this.run(this.steps, options)
  }

  /** Runs the call and checks what is named. @throws AssertionError */
  async thenExpect(expected: Expectation, options: ExecuteOptions = {}): Promise<Report> {
    const report = await this.run(this.steps, options)
    if ('result' in expected)
      deepStrictEqual({ result: report.result, error: report.error }, { result: expected.result, error: undefined })
    if ('error' in expected) expectError(report, expected.error)
    if (expected.attempts !== undefined)
      deepStrictEqual(report.attempts, expected.attempts, attemptsMessage(report, expected.attempts))
    if (expected.elapsed !== undefined)
      deepStrictEqual(report.elapsed, expected.elapsed, elapsedMessage(report, expected.elapsed))
    if (expected.events !== undefined) {
      const types = report.events.map(({ type }) => type).filter((type) => type !== 'execution')
      deepStrictEqual(types, expected.events)
    }
    return report
  }
}

function expectError({ error, result }: Report, expected: unknown): void {
  if (error === undefined)
    throw new AssertionError({ message: 'the call succeeded, but should have failed', actual: result, expected })
  if (typeof expected === 'function') {
    if (error instanceof expected) return
    throw new AssertionError({
      message: `the call failed with ${String(error)}, not with a ${expected.name}`,
      actual: error,
      expected,
    })
  }
  if (typeof expected === 'string') {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
    deepStrictEqual(code, expected, `the call failed with ${String(error)}, not with code ${expected}`)
  } else deepStrictEqual(error, expected)
}

function attemptsMessage(report: Report, expected: number): string {
  return `the function was called ${report.attempts} times, not ${expected}`
}

function elapsedMessage(report: Report, expected: number): string {
  return `the call took ${report.elapsed} ms, not ${expected}`
}
