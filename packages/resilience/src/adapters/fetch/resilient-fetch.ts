import type { RequestCall } from '../http/call-options.ts'
import { type HttpTarget, toPipelineForOrigin } from '../http/http-pipeline.ts'
import { httpPolicies } from '../http/http-policies.ts'
import { type HttpRules, settleHttpRules } from '../http/http-rules.ts'
import { perOrigin } from '../http/per-origin.ts'
import { FetchRequest } from './fetch-request.ts'

export type ResilientFetch = (input: string | URL | Request, init?: ResilientRequestInit) => Promise<Response>

export interface ResilientRequestInit extends RequestInit {
  /** What this request says to the pipeline: its deadline, its priority, whether it may be sent twice. */
  call?: RequestCall
}

/**
 * The global `fetch`, each request of which goes through a pipeline.
 *
 * Whether a request may be sent twice is told from its method, its Idempotency-Key header and its body: a stream can't be
 * sent again, and so a `Request` with a body can't. An attempt is over when its headers are there: bodies are streamed,
 * and no policy cuts one that follows a success. When all attempts failed with replies, the last reply is returned as
 * `fetch` returns it; only the policies take its status for a failure. The deadline travels in a header; one that the
 * caller set itself is the request's deadline.
 *
 * @param target one pipeline for everything, or a registry of one for each origin. Default: `httpPolicies()` for
 *   each origin
 */
export function resilientFetch(
  target: HttpTarget<Response> = perOrigin('fetch', httpPolicies),
  rules: HttpRules = {},
): ResilientFetch {
  const settings = settleHttpRules('resilientFetch', rules)
  const pipelineFor = toPipelineForOrigin(target)
  return async (input, init = {}) => new FetchRequest(input, init, settings).send(pipelineFor)
}
