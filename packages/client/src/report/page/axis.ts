import { type Html, html } from '@chaos-kitchen/telemetry/html'

/** A linear scale from 0, with round ticks. */
export interface Axis {
  readonly end: number
  /** A value as a share of the length, from 0 to 100; what is outside is at the edge. */
  at(value: number): number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

const STEPS = [1, 2, 5]

/** @param end of what is shown, in milliseconds; labels are seconds */
export function secondsAxis(end: number, wantedTicks = 6): Axis {
  const length = Math.max(end, 1)
  const at = (value: number) => round(Math.min(100, Math.max(0, (value / length) * 100)))
  const rough = length / wantedTicks
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * (STEPS.find((each) => each * power >= rough) ?? 10)
  const count = Math.floor(length / step + 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    at: at(index * step),
    label: `${round((index * step) / 1_000)} s`,
  }))
  return { end: length, at, ticks }
}

/** The least round value that leaves nothing outside. */
export function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return power * ([1, 2, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10)
}

export function verticalTicks({ ticks }: Axis): Html[] {
  return ticks.map(({ at }) => html`<line class="tick" x1="${at}%" x2="${at}%" y1="0" y2="100%"/>`)
}

/** An interval as a share of the axis, never too thin to be seen. */
export function stretch({ at }: Axis, from: number, to: number, least = 0.3): { left: number; width: number } {
  const width = Math.max(least, round(at(to) - at(from)))
  return { left: Math.min(at(from), round(100 - width)), width }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
