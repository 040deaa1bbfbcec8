import type { CallContext } from '../../pipeline/context.ts'
import type { ExecuteOptions } from '../../pipeline/execute-options.ts'

/**
 * A pipeline that needs nothing but a function and gives its answer or throws. So none with `cache` or `coalesce`: a
 * body is read only once.
 */
export interface HttpPipeline<Answer> {
  readonly execute: (run: (context: CallContext) => Promise<Answer>, options?: ExecuteOptions) => Promise<Answer>
}

/** One for each origin (`https://api.example.com:8443`), so that one host's outage says nothing about another. */
export type PipelineForOrigin<Answer> = (origin: string) => HttpPipeline<Answer>

/** One pipeline for all requests, a function from origins to pipelines, or a registry (`pipelines(…)`). */
export type HttpTarget<Answer> = HttpPipeline<Answer> | PipelineForOrigin<Answer> | { for: PipelineForOrigin<Answer> }

export function toPipelineForOrigin<Answer>(target: HttpTarget<Answer>): PipelineForOrigin<Answer> {
  if (typeof target === 'function') return target
  return 'for' in target ? (origin) => target.for(origin) : () => target
}
