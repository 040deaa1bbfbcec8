import type { Pipeline } from '../../pipeline/pipeline.ts'

/** A pipeline that needs nothing but a function: one without `cache` and `coalesce`, since a body is read only once. */
export type HttpPipeline = Pick<Pipeline, 'execute'>

/** One for each origin (`https://api.example.com:8443`), so that one host's outage says nothing about another. */
export type PipelineForOrigin = (origin: string) => HttpPipeline

export function toPipelineForOrigin(choice: HttpPipeline | PipelineForOrigin): PipelineForOrigin {
  return typeof choice === 'function' ? choice : () => choice
}
