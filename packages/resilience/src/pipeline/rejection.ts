import type { ErrorOrigin, ResilienceError } from '../errors/resilience-error.ts'
import { stackless } from '../errors/stackless.ts'
import type { Binding } from './policy.ts'

/** The error of a call that a policy turns away, for the policy to throw; whoever listens is told of it. */
export function rejection<E extends ResilienceError>(
  binding: Binding,
  policy: string,
  create: (origin: ErrorOrigin) => E,
): E {
  const origin = { pipeline: binding.pipeline, policy }
  const error = stackless(() => create(origin))
  if (binding.observed) binding.emit({ type: 'rejection', ...origin, error })
  return error
}
