import { type HrTime, ValueType } from '@opentelemetry/api'
import type {
  AggregationTemporality,
  CollectionResult,
  DataPoint,
  DataPointType,
  Histogram,
  MetricProducer,
} from '@opentelemetry/sdk-metrics'
import { telemetry } from '../../telemetry/hub.ts'
import { type DurationCell, DurationCells } from './duration-cells.ts'
import { BOUNDARIES, DURATION } from './durations.ts'
import { ATTRIBUTES, METRICS } from './names.ts'

export interface DurationsProducer extends MetricProducer {
  /** Listens no more. */
  end(): void
}

/**
 * The histogram `resilience.pipeline.duration`, counted by the library itself, for the `metricProducers` of the SDK's
 * metric reader: the numbers of `observeEveryPipeline({ durations: 'histogram' })` at the cost of its counters. Tell
 * `observeEveryPipeline` then to leave durations out: `{ durations: 'none' }`.
 */
export function durationsProducer(): DurationsProducer {
  const startTime = hrTime()
  const cells = new DurationCells()
  const end = telemetry.subscribe(cells.listener)
  return {
    end,
    collect: async () => {
      const endTime = hrTime()
      return toResult(
        Array.from(cells, (cell) => ({
          attributes: { [ATTRIBUTES.pipeline]: cell.pipeline, [ATTRIBUTES.outcome]: cell.outcome },
          startTime,
          endTime,
          value: toHistogram(cell),
        })),
      )
    },
  }
}

function toHistogram({ counts, count, sum, min, max }: DurationCell): Histogram {
  return { buckets: { boundaries: BOUNDARIES, counts: [...counts] }, count, sum, min, max }
}

function toResult(dataPoints: DataPoint<Histogram>[]): CollectionResult {
  const metric = {
    descriptor: {
      name: METRICS.duration,
      description: DURATION.description,
      unit: DURATION.unit,
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: CUMULATIVE,
    dataPointType: HISTOGRAM,
    dataPoints,
  }
  const metrics = dataPoints.length === 0 ? [] : [metric]
  const scopeMetrics = [{ scope: { name: '@chaos-kitchen/resilience' }, metrics }]
  return { resourceMetrics: { resource: NO_RESOURCE, scopeMetrics }, errors: [] }
}

/** As in the SDK, which need not be there at run time. */
const CUMULATIVE: AggregationTemporality.CUMULATIVE = 1
const HISTOGRAM: DataPointType.HISTOGRAM = 0

type Resource = CollectionResult['resourceMetrics']['resource']

/** The reader takes the SDK's own. */
const NO_RESOURCE: Resource = {
  attributes: {},
  merge: (other) => other ?? NO_RESOURCE,
  getRawAttributes: () => [],
}

function hrTime(): HrTime {
  const now = Date.now()
  return [Math.floor(now / 1_000), (now % 1_000) * 1_000_000]
}
