import {
  type IDefaultPolicyContext,
  type IPolicy,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isIsolatedCircuitError,
} from 'cockatiel'
import { BulkheadFullError, CircuitOpenError } from '../../errors/errors.ts'
import type { ErrorOrigin } from '../../errors/resilience-error.ts'
import { OptionTable } from '../../options/option-table.ts'
import { aName } from '../../options/rules.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { Policy, WrapLayer } from '../../pipeline/policy.ts'

export interface CockatielLayerOptions {
  /** In errors, events and metrics. Default `cockatiel`. */
  name?: string
}

/**
 * Any policy of cockatiel as a layer of a pipeline: `pipeline('menu', [timeout(2_000), fromCockatiel(breaker)])`.
 *
 * What cockatiel does with a cancel does not show: the call ends at once with the reason of the signal, and the function
 * is not called again though cockatiel's retry goes on. A `BrokenCircuitError` becomes a `CircuitOpenError` and a
 * `BulkheadRejectedError` a `BulkheadFullError`, with the original as the cause, so that policies further out know
 * that the call was turned away and don't retry it. All else of cockatiel's is as it is, a `TaskCancelledError` too.
 */
export function fromCockatiel<Alternative = never>(
  policy: IPolicy<IDefaultPolicyContext, Alternative>,
  options: CockatielLayerOptions = {},
): Policy<Alternative> {
  const { name } = OPTIONS.create(options)
  return {
    kind: 'cockatiel',
    name,
    attach: ({ pipeline }) => toLayer(policy, { pipeline, policy: name }),
  }
}

const OPTIONS = new OptionTable<CockatielLayerOptions>('fromCockatiel', {
  name: { rule: aName, default: 'cockatiel' },
})

function toLayer(policy: IPolicy<IDefaultPolicyContext, unknown>, origin: ErrorOrigin): WrapLayer {
  return {
    async wrap(next, context) {
      try {
        return await policy.execute(
          (inner) => next({ signal: inner.signal, attempt: attemptOf(context, inner) }),
          context.signal,
        )
      } catch (error) {
        throw translate(error, origin)
      }
    },
  }
}

/** Cockatiel's retry counts from 0. */
function attemptOf(context: CallContext, inner: object): number {
  return context.attempt + ('attempt' in inner && typeof inner.attempt === 'number' ? inner.attempt : 0)
}

function translate(error: unknown, origin: ErrorOrigin): unknown {
  if (isBrokenCircuitError(error))
    return new CircuitOpenError(origin, isIsolatedCircuitError(error) ? 'isolated' : 'open', { cause: error })
  if (isBulkheadRejectedError(error))
    return new BulkheadFullError(origin, 'all places and the queue are taken', { cause: error })
  return error
}
