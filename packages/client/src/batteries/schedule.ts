import type { Fault, FaultEffect, FaultEnd, FaultStart } from '../faults/fault.ts'

/** A fault that has no id yet. */
export type Draft = FaultEffect & { readonly from: FaultStart; readonly until: FaultEnd }

/** In place before the order's first attempt leaves; `after` ms later otherwise. */
export function fromOrder(order: number, after = 0): { from: FaultStart } {
  return { from: { order, after } }
}

/** The moment that the order can be seen in the database, whatever its service does next. */
export function onceSaved(order: number): { from: FaultStart } {
  return { from: { order, saved: true } }
}

/** Sorts faults by their start and gives them their ids. */
export function numbered(drafts: readonly Draft[]): Fault[] {
  return drafts.toSorted((a, b) => startOf(a) - startOf(b)).map((draft, index) => ({ id: `f${index + 1}`, ...draft }))
}

const LONGER_THAN_ANY_ORDER = 1e6

function startOf({ from }: Draft): number {
  if ('at' in from) return from.at
  return from.order * LONGER_THAN_ANY_ORDER + ('saved' in from ? LONGER_THAN_ANY_ORDER / 2 : from.after)
}
