import type { Dispatcher } from 'undici'
import { type HttpTarget, toPipelineForOrigin } from '../http/http-pipeline.ts'
import { httpPolicies } from '../http/http-policies.ts'
import { type HttpRules, settleHttpRules } from '../http/http-rules.ts'
import { perOrigin } from '../http/per-origin.ts'
import type { Attempt } from './attempt.ts'
import { ResilientRequest } from './resilient-request.ts'

/**
 * Sends every request through a pipeline, as an interceptor for `dispatcher.compose(…)`.
 *
 * Whether a request may be sent twice is told from its method, its Idempotency-Key header and its body: a string or a
 * buffer can be sent again, a stream can't. An attempt is over when its headers are there: bodies are streamed, and no
 * policy cuts one that follows a success. When all attempts failed with replies, the caller gets the last reply, body
 * and all; no error is thrown for a status. The deadline travels in a header; one that the caller set itself is the
 * request's deadline.
 *
 * Upgrades and CONNECT pass by the pipeline.
 *
 * @param target one pipeline for everything, or a registry of one for each origin. Default: `httpPolicies()` for
 *   each origin
 */
export function resilienceInterceptor(
  target: HttpTarget<Attempt> = perOrigin('undici', httpPolicies),
  rules: HttpRules = {},
): Dispatcher.DispatcherComposeInterceptor {
  const settings = settleHttpRules('resilienceInterceptor', rules)
  const pipelineFor = toPipelineForOrigin(target)
  return (dispatch) => (options, handler) => {
    if (options.upgrade || options.method === 'CONNECT') return dispatch(options, handler)
    new ResilientRequest(dispatch, options, handler, settings).start(pipelineFor)
    return true
  }
}
