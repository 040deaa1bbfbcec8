import { type DisruptorClock, realClock } from './clock.ts'
import type { Disruptor } from './disruptor.ts'
import type { FaultEvent } from './fault-event.ts'
import type { Disruption, Schedule } from './schedule/schedule.ts'

export interface ScheduleRun {
  /** Starts what is anchored to this order of the battery. */
  orderStarted(order: number): void
  /**
   * Resolves once every disruption that was set going is over, with their events in the order of their beginning.
   * @throws AggregateError when a target could not be disrupted or did not come back
   */
  settled(): Promise<FaultEvent[]>
  /** Ends what runs and gives up what has not begun; every target serves when it resolves. */
  stop(): Promise<FaultEvent[]>
}

/** Carries a schedule out. What is anchored to times counts from this call. */
export function runSchedule(
  { disruptions }: Schedule,
  disruptor: Pick<Disruptor, 'begin'>,
  clock: DisruptorClock = realClock,
): ScheduleRun {
  const stopped = new AbortController()
  const outcomes: Promise<FaultEvent | undefined>[] = []

  async function carryOut(
    { id, kind, target, durationMs }: Disruption,
    delay: number,
  ): Promise<FaultEvent | undefined> {
    try {
      await clock.sleep(delay, stopped.signal)
      const running = await disruptor.begin({ id, kind, target }, stopped.signal)
      // Cut short by `stop`; over in every case.
      await clock.sleep(durationMs, stopped.signal).catch(() => undefined)
      return await running.end()
    } catch (error) {
      if (error === stopped.signal.reason) return undefined
      throw error
    }
  }

  function set(disruption: Disruption, delay: number): void {
    const outcome = carryOut(disruption, delay)
    outcome.catch(() => undefined)
    outcomes.push(outcome)
  }

  async function settled(): Promise<FaultEvent[]> {
    const results = await Promise.allSettled(outcomes)
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    if (failures.length > 0) throw new AggregateError(failures, 'Some disruptions failed')
    const events = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []))
    return events.sort((a, b) => a.from - b.from)
  }

  for (const disruption of disruptions) if ('atMs' in disruption.anchor) set(disruption, disruption.anchor.atMs)
  return {
    settled,
    orderStarted(order) {
      for (const disruption of disruptions) {
        const { anchor } = disruption
        if ('order' in anchor && anchor.order === order) set(disruption, anchor.afterMs)
      }
    },
    stop() {
      stopped.abort(new Error('The schedule was stopped'))
      return settled()
    },
  }
}
