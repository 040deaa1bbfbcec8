import type { Attributes } from '@opentelemetry/api'
import type { ObservablePipeline, PipelineMetrics } from '../../pipeline/pipeline.ts'
import type { ReadMetric } from './instruments.ts'
import { ATTRIBUTES } from './names.ts'

export interface Observation {
  metric: ReadMetric
  value: number
  attributes: Attributes
}

/** Pipelines of one name are told as one: OpenTelemetry keeps only the last observation with the same attributes. */
export function readNumbers(pipelines: Iterable<ObservablePipeline>): Iterable<Observation> {
  const sums = new Map<string, Observation>()
  for (const pipeline of pipelines)
    for (const observation of observationsOf(pipeline.metrics())) {
      const { metric, value, attributes } = observation
      const key = JSON.stringify([metric, attributes])
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, observation)
      else sum.value = metric === 'circuitState' ? Math.max(sum.value, value) : sum.value + value
    }
  return sums.values()
}

function* observationsOf({ pipeline, calls, policies }: PipelineMetrics): Generator<Observation> {
  const name = { [ATTRIBUTES.pipeline]: pipeline }
  for (const [key, value] of Object.entries(calls)) {
    if (typeof value !== 'number') continue
    const outcome = OUTCOMES.get(key)
    if (outcome !== undefined) yield { metric: 'calls', value, attributes: { ...name, [ATTRIBUTES.outcome]: outcome } }
    else if (key === 'inFlight') yield { metric: 'active', value, attributes: name }
  }
  for (const { kind, name: policy, metrics } of policies) {
    const attributes = { ...name, [ATTRIBUTES.policy]: policy, [ATTRIBUTES.kind]: kind }
    for (const [key, value] of Object.entries(metrics)) yield* observationsOfPolicy(kind, key, value, attributes)
  }
}

function* observationsOfPolicy(
  kind: string,
  key: string,
  value: number | string,
  attributes: Attributes,
): Generator<Observation> {
  if (typeof value === 'string') {
    if (key !== 'state') return
    for (const state of STATES)
      yield {
        metric: 'circuitState',
        value: state === value ? 1 : 0,
        attributes: { ...attributes, [ATTRIBUTES.state]: state },
      }
    return
  }
  // A duration that never changes by itself: configuration, not a measurement.
  if (kind === 'timeout' && key === 'limit') return
  const metric = GAUGES.get(key)
  if (metric !== undefined) yield { metric, value, attributes }
  else yield { metric: 'events', value, attributes: { ...attributes, [ATTRIBUTES.event]: eventName(kind, key) } }
}

function eventName(kind: string, key: string): string {
  const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  // Its counters are named by priority alone.
  return kind === 'shed' ? `shed_${name}` : name
}

const STATES = ['closed', 'open', 'half-open', 'isolated']

const OUTCOMES = new Map([
  ['successes', 'success'],
  ['failures', 'failure'],
  ['rejections', 'rejected'],
  ['cancellations', 'cancelled'],
])

/** All other numbers of policies are counters. */
const GAUGES = new Map<string, ReadMetric>([
  ['inFlight', 'policyActive'],
  ['queued', 'policyQueued'],
  ['waiting', 'policyQueued'],
  ['maxConcurrent', 'policyLimit'],
  ['limit', 'policyLimit'],
  ['maxQueued', 'policyQueueLimit'],
  ['load', 'policyLoad'],
  ['share', 'policyLoad'],
  ['entries', 'policyEntries'],
  ['rate', 'injectRate'],
])
