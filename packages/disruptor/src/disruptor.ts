import { type DisruptorClock, realClock } from './clock.ts'
import type { FaultEvent } from './fault-event.ts'
import { DEFAULT_GUARDS, type Guards, guardedBy } from './guards.ts'
import type { Ledger } from './ledger/ledger.ts'
import { restore } from './restore.ts'
import type { DisruptionKind, Target } from './target.ts'

export interface DisruptorOptions {
  targets: readonly Target[]
  /** Where intentions are written before they are acted on; see `healFromLedger`. */
  ledger: Ledger
  guards?: Partial<Guards>
  /** Told when a disruption begins and, under the same id, when its target serves again. */
  onEvent?: (event: FaultEvent) => void
  clock?: DisruptorClock
}

export interface DisruptionRequest {
  /** Names it in events; unique within a run. */
  id: string
  kind: DisruptionKind
  target: string
}

export interface RunningDisruption {
  readonly event: FaultEvent
  /**
   * Brings the target back and resolves once it serves; again and again gives the same outcome.
   * @throws Error when it does not come back; the ledger then keeps it for the next command
   */
  end(): Promise<FaultEvent>
}

/** Disturbs targets and always brings them back. */
export class Disruptor {
  readonly #targets: readonly Target[]
  readonly #guards: Guards
  readonly #ledger: Ledger
  readonly #clock: DisruptorClock
  readonly #onEvent: (event: FaultEvent) => void
  readonly #running = new Map<string, Promise<RunningDisruption>>()
  #turn: Promise<unknown> = Promise.resolve()
  #closed = new AbortController()

  constructor({ targets, ledger, guards, onEvent = () => undefined, clock = realClock }: DisruptorOptions) {
    this.#targets = targets
    this.#guards = { ...DEFAULT_GUARDS, ...guards }
    this.#ledger = ledger
    this.#clock = clock
    this.#onEvent = onEvent
  }

  /**
   * Disrupts a target as soon as the guards allow, in the order of the calls.
   * @throws RangeError when there is no such target or it must not be disturbed; the reason of `signal` when that
   * aborts while it waits
   */
  async begin(request: DisruptionRequest, signal?: AbortSignal): Promise<RunningDisruption> {
    const target = this.#targets.find(({ name }) => name === request.target)
    if (target === undefined) throw new RangeError(`There is no target ${request.target}`)
    if (!target.eligible) throw new RangeError(`${request.target} must not be disturbed`)
    const given = AbortSignal.any([this.#closed.signal, ...(signal ? [signal] : [])])
    const turn = this.#turn.then(async () => {
      await this.#allowed(target, given)
      const acting = this.#act(request, target)
      this.#running.set(target.name, acting)
      // Within an object: the next in the queue need not wait until this one has acted.
      return { acting }
    })
    this.#turn = turn.catch(() => undefined)
    return (await turn).acting
  }

  /** Brings every target back and refuses what still waits. @throws AggregateError naming what did not come back */
  async close(): Promise<void> {
    this.#closed.abort(new Error('The disruptor is closed'))
    await this.#turn
    const outcomes = await Promise.allSettled([...this.#running.values()].map(async (acting) => (await acting).end()))
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    if (failures.length > 0) throw new AggregateError(failures, 'Some targets did not come back')
  }

  async #allowed(target: Target, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const disrupted = new Set(this.#running.keys())
      if ((await guardedBy(this.#guards, target, this.#targets, disrupted)) === undefined) return
      await this.#clock.sleep(LOOK_EVERY, signal)
    }
  }

  async #act({ id, kind }: DisruptionRequest, target: Target): Promise<RunningDisruption> {
    const entry = await this.#ledger.begin({ kind, target: target.name })
    const event: FaultEvent = { id, kind, target: target.name, from: this.#clock.now(), detail: DETAILS[kind] }
    try {
      await ACTS[kind](target)
    } catch (error) {
      await this.#undo(target, entry)
      throw error
    }
    this.#onEvent(event)
    let ending: Promise<FaultEvent> | undefined
    return {
      event,
      end: () => {
        ending ??= this.#end(event, target, entry).catch((error) => {
          // `close` may try again.
          ending = undefined
          throw error
        })
        return ending
      },
    }
  }

  async #end(event: FaultEvent, target: Target, entry: string): Promise<FaultEvent> {
    const to = this.#clock.now()
    await this.#undo(target, entry)
    const ended = { ...event, to, timeToRecover: this.#clock.now() - to }
    this.#onEvent(ended)
    return ended
  }

  async #undo(target: Target, entry: string): Promise<void> {
    await restore(target)
    await this.#ledger.end(entry)
    this.#running.delete(target.name)
  }
}

/** Milliseconds between two looks at what the guards wait for; targets also change by other hands. */
const LOOK_EVERY = 20

const ACTS: Record<DisruptionKind, (target: Target) => Promise<void>> = {
  stop: (target) => target.stop(),
  kill: (target) => target.kill(),
  pause: (target) => target.pause(),
  // Its end, at once when a schedule runs it, starts the target again.
  restart: (target) => target.stop(),
}

const DETAILS: Record<DisruptionKind, string> = {
  stop: 'stopped',
  kill: 'killed',
  pause: 'frozen',
  restart: 'restarted',
}
