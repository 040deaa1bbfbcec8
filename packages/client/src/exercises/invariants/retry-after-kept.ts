import { seconds } from '../../faults/describe.ts'
import type { Evidence, Finding, Invariant } from '../../invariants/index.ts'
import { notYet, startedOrders } from '../../invariants/so-far.ts'
import { callsOf } from './calls-of.ts'

/** Clocks are read in two processes. */
const SLACK = 50

/**
 * The menu said when to come back, and nobody comes earlier.
 *
 * @param order whose first call was told so
 * @param asked milliseconds
 */
export function retryAfterKept(order: number, asked: number): Invariant {
  return {
    name: 'Retry-After is kept',
    check: (evidence) => findWait(order, evidence, asked),
    /** Known with the second call, which stays the second. */
    early(soFar) {
      const finding = findWait(order, { ...soFar, orders: startedOrders(soFar) }, asked)
      return finding.measured < 0 ? notYet(finding) : finding
    },
    reads: ['arrivals'],
  }
}

function findWait(order: number, evidence: Pick<Evidence, 'orders' | 'arrivals'>, asked: number): Finding {
  const outcome = evidence.orders.find(({ planned }) => planned.number === order)
  const calls = outcome === undefined ? [] : callsOf(outcome, 'menu', evidence)
  const refused = calls.find(({ status }) => status === 503)
  const next = refused && calls.find(({ from }) => from > refused.from)
  const waited = refused?.to === undefined || next === undefined ? undefined : next.from - refused.to
  const passed = waited !== undefined && waited >= asked - SLACK
  return {
    ...{ passed, measured: Math.round(waited ?? -1), limit: asked, unit: 'ms', final: true },
    shown: waited === undefined ? 'no second call' : seconds(waited),
    shownLimit: `at least ${seconds(asked)}`,
    ...(!passed && {
      order,
      exercise: '04',
      why:
        waited === undefined
          ? 'The menu asked for a second of patience, and was not asked again.'
          : 'The menu said when it could serve again and was asked earlier. It knows its own trouble best.',
    }),
  }
}
