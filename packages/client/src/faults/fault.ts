import type { DisruptionKind } from '@chaos-kitchen/disruptor'
import type { OutageEffect } from './outage-effect.ts'
import type { ToxicEffect } from './toxic-effect.ts'

/** A toxic on a hop, a disruption of a target or an outage of a service, with a start and an end. All of it is plain data, made up front. */
export type Fault = FaultEffect & {
  /** Unique within its schedule. */
  readonly id: string
  readonly from: FaultStart
  readonly until: FaultEnd
}

export type FaultEffect = ToxicEffect | DisruptionEffect | OutageEffect

/** Stops, kills or pauses a target; the end of the fault starts it again. */
export interface DisruptionEffect {
  readonly kind: DisruptionKind
  readonly target: string
}

/**
 * Anchored to an order, or to the start of the battery; times in milliseconds. With `after: 0` the fault is in place
 * before the order's first attempt leaves; with `saved` it comes the moment that the order can be seen in the database.
 */
export type FaultStart =
  | { readonly order: number; readonly after: number }
  | { readonly order: number; readonly saved: true }
  | { readonly at: number }

/**
 * After a time (ms), after so many attempts of its order, or once its order has been saved (looked up past the proxies,
 * for at most so many attempts). The last two hold on a machine of any speed.
 */
export type FaultEnd = { readonly ms: number } | { readonly attempts: number } | { readonly savedWithin: number }

export function isDisruption(fault: FaultEffect): fault is DisruptionEffect {
  return 'target' in fault
}

export function isToxic<F extends FaultEffect>(fault: F): fault is F & ToxicEffect {
  return 'hop' in fault
}

export function isOutage(fault: FaultEffect): fault is OutageEffect {
  return 'service' in fault
}

/** What the fault is on: the hop's, the target's or the service's name. */
export function placeOf(fault: FaultEffect): string {
  if (isOutage(fault)) return fault.service
  return isDisruption(fault) ? fault.target : fault.hop
}
