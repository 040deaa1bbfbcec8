import { ResilienceError } from '../errors/resilience-error.ts'
import type { HookedCall } from '../pipeline/hooked-call.ts'

/** Which outcomes a policy takes for failures. The same two options in every policy that asks. */
export interface HandledOutcomes {
  /**
   * Default: every error, except that a call was turned away by a policy (an open circuit, a full bulkhead) or
   * cancelled by its caller. `isTransient` is a stricter choice for calls over HTTP and to databases.
   */
  handleError?: ((error: unknown) => boolean) | undefined
  /** Default: no result is a failure. */
  handleResult?: ((result: unknown) => boolean) | undefined
}

/** Does the outcome of the call count as a failure? */
export function isHandled(call: HookedCall, options: HandledOutcomes): boolean {
  if (!call.failed) return options.handleResult?.(call.value) ?? false
  if (call.cancelled) return false
  return options.handleError === undefined ? isFailure(call.error) : options.handleError(call.error)
}

/** The default of `handleError`. */
export function isFailure(error: unknown): boolean {
  return !(error instanceof ResilienceError) || !error.rejected
}
