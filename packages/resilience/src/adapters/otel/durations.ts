import type { Attributes, Meter } from '@opentelemetry/api'
import type { EventListener, ExecutionEvent } from '../../telemetry/events.ts'
import { ATTRIBUTES, METRICS } from './names.ts'

/** Seconds: from calls within a process to those that take as long as anybody waits. */
export const BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export const DURATION = {
  unit: 's',
  description: 'How long calls through a pipeline took, with all attempts and waits',
}

export function recordDurations(meter: Meter): EventListener {
  const histogram = meter.createHistogram(METRICS.duration, {
    ...DURATION,
    advice: { explicitBucketBoundaries: BOUNDARIES },
  })
  const known = new Map<string, Record<ExecutionEvent['outcome'], Attributes>>()
  return (event) => {
    if (event.type !== 'execution') return
    let attributes = known.get(event.pipeline)
    if (attributes === undefined) {
      attributes = attributesOf(event.pipeline)
      known.set(event.pipeline, attributes)
      for (const oldest of known.keys()) {
        if (known.size <= MOST_NAMES) break
        known.delete(oldest)
      }
    }
    histogram.record(event.duration / 1_000, attributes[event.outcome])
  }
}

/** Names come from users where pipelines are made for each origin. */
export const MOST_NAMES = 2_000

/** Made once: making them anew would cost about as much as recording. */
function attributesOf(pipeline: string): Record<ExecutionEvent['outcome'], Attributes> {
  const withOutcome = (outcome: ExecutionEvent['outcome']) => ({
    [ATTRIBUTES.pipeline]: pipeline,
    [ATTRIBUTES.outcome]: outcome,
  })
  return {
    success: withOutcome('success'),
    failure: withOutcome('failure'),
    rejected: withOutcome('rejected'),
    cancelled: withOutcome('cancelled'),
  }
}
