import type { Attributes } from '../trace.ts'
import { attributesOf, type Fields, fieldsOf, listOf, millisecondsOf, numberOf, serviceOf, textOf } from './fields.ts'

/** The latest value of one series. */
export interface MetricPoint {
  name: string
  unit: string
  type: 'gauge' | 'sum' | 'histogram' | 'summary'
  service: string
  attributes: Attributes
  /** Milliseconds since the epoch. */
  time: number
  /** Of a gauge or sum; of a histogram or summary the sum of what was recorded. */
  value: number
  /** How many were recorded; histograms and summaries only. */
  count?: number
}

const KINDS = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'histogram'],
  ['summary', 'summary'],
] as const

/** Reads a list of OTLP `ResourceMetrics`. Points without a number ("no recorded value") are left out. */
export function readMetrics(resourceMetrics: unknown): MetricPoint[] {
  return listOf(resourceMetrics)
    .map(fieldsOf)
    .flatMap((group) => {
      const service = serviceOf(group.resource)
      const metrics = listOf(group.scopeMetrics).flatMap((scope) => listOf(fieldsOf(scope).metrics))
      return metrics.flatMap((metric) => readMetric(fieldsOf(metric), service))
    })
}

function readMetric(metric: Fields, service: string): MetricPoint[] {
  const name = textOf(metric.name)
  if (name === '') return []
  return KINDS.flatMap(([field, type]) =>
    listOf(fieldsOf(metric[field]).dataPoints).flatMap((item) => {
      const point = fieldsOf(item)
      const value = numberOf(point.asDouble) ?? numberOf(point.asInt) ?? numberOf(point.sum)
      const count = numberOf(point.count)
      if (value === undefined) return []
      return {
        name,
        unit: textOf(metric.unit),
        type,
        service,
        attributes: attributesOf(point.attributes),
        time: millisecondsOf(point.timeUnixNano) ?? Date.now(),
        value,
        ...(count === undefined ? {} : { count }),
      }
    }),
  )
}
