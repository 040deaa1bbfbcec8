import type { Pipeline } from '../../pipeline/pipeline.ts'

/** A pipeline that needs nothing but a function: one without `cache` and `coalesce`, since a body is read only once. */
export type HttpPipeline = Pick<Pipeline, 'execute'>

/** One for each origin (`https://api.example.com:8443`), so that one host's outage says nothing about another. */
export type PipelineForOrigin = (origin: string) => HttpPipeline

/** One pipeline for all requests, a function from origins to pipelines, or a registry (`pipelines(…)`). */
export type HttpTarget = HttpPipeline | PipelineForOrigin | { for: PipelineForOrigin }

export function toPipelineForOrigin(target: HttpTarget): PipelineForOrigin {
  if (typeof target === 'function') return target
  return 'for' in target ? (origin) => target.for(origin) : () => target
}
