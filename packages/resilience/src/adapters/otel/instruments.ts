import type { Meter, Observable } from '@opentelemetry/api'
import { METRICS } from './names.ts'

/** Of those metrics that are read, by their keys in `METRICS`. */
export type Instruments = Record<ReadMetric, Observable>
export type ReadMetric = Exclude<keyof typeof METRICS, 'duration' | 'durationBucket' | 'durationSum'>

export function createInstruments(meter: Meter): Instruments {
  const counter = (name: string, unit: string, description: string) =>
    meter.createObservableCounter(name, { unit, description })
  const upDown = (name: string, unit: string, description: string) =>
    meter.createObservableUpDownCounter(name, { unit, description })
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(name, { unit, description })
  return {
    calls: counter(METRICS.calls, '{call}', 'Calls through a pipeline that ended'),
    active: upDown(METRICS.active, '{call}', 'Calls through a pipeline in flight'),
    events: counter(METRICS.events, '{event}', 'What policies did'),
    circuitState: gauge(METRICS.circuitState, '1', '1 for the state that the circuit is in, 0 for the others'),
    policyActive: gauge(METRICS.policyActive, '{call}', 'Calls inside of a policy that limits them'),
    policyQueued: gauge(METRICS.policyQueued, '{call}', 'Calls that wait to be let in'),
    policyLimit: gauge(METRICS.policyLimit, '{call}', 'Calls that are let in at once, or in an interval'),
    policyQueueLimit: gauge(METRICS.policyQueueLimit, '{call}', 'Calls that may wait'),
    policyLoad: gauge(METRICS.policyLoad, '1', 'Load, or share of calls held back'),
    policyEntries: gauge(METRICS.policyEntries, '{entry}', 'Entries in a cache'),
    injectRate: gauge(METRICS.injectRate, '1', 'Share of calls that get an injected fault'),
  }
}
