import type { Dispatcher } from 'undici'
import type { HttpTarget } from '../http/http-pipeline.ts'
import type { HttpRules } from '../http/http-rules.ts'
import type { Attempt } from './attempt.ts'
import { resilienceInterceptor } from './interceptor.ts'

/**
 * A dispatcher whose requests all go through a pipeline: `resilientDispatcher(new Agent(), menuCalls)`. Closing it closes
 * the one that it was made from. The parameters are those of `resilienceInterceptor`.
 */
export function resilientDispatcher(
  dispatcher: Dispatcher,
  target?: HttpTarget<Attempt>,
  rules?: HttpRules,
): Dispatcher.ComposedDispatcher {
  return dispatcher.compose(resilienceInterceptor(target, rules))
}
