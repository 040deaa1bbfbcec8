import { seconds } from '../../faults/describe.ts'
import type { FaultReport, InvariantReport, OrderReport } from '../run-report.ts'

export function labelOf({ label, target, kind }: FaultReport): string {
  return label ?? `${target}: ${kind}`
}

export function measuredOf({ shown, measured, unit }: InvariantReport): string {
  return shown ?? `${round(measured)} ${unit}`
}

/** Empty where what was measured says it already. */
export function limitOf({ shownLimit, shown, limit, unit }: InvariantReport): string {
  return shownLimit ?? (shown === undefined ? `${round(limit)} ${unit}` : '')
}

/** What the guest was told in the end. */
export function outcomeOf({ placed, degraded, gaveUp, attemptsInDetail }: OrderReport): string {
  if (placed) return degraded ? 'placed, degraded' : 'placed'
  return gaveUp ?? attemptsInDetail.at(-1)?.failure ?? 'no reply'
}

const SHOWN_ATTEMPTS = 12

/** `502 0.06 s, 201 0.05 s` */
export function attemptsOf({ attemptsInDetail }: OrderReport): string {
  const shown = attemptsInDetail
    .slice(0, SHOWN_ATTEMPTS)
    .map(({ status, failure, ms }) => `${status ?? (failure ?? 'no reply').replace(/:.*/, '')} ${seconds(ms)}`)
  const more = attemptsInDetail.length - shown.length
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '')
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
