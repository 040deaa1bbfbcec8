import { type Trace, traceBounds } from '../trace.ts'
import { type Html, html } from './html.ts'

/** Places times on the width of a track. */
export interface TimeAxis {
  /** Milliseconds since the epoch. */
  start: number
  end: number
  /** A time as a share of the width, from 0 to 100; what is outside is at the edge. */
  x(time: number): number
  ticks: { x: number; label: string }[]
}

const STEPS = [1, 2, 5]
const WANTED_TICKS = 5

export function timeAxis(trace: Trace): TimeAxis {
  const { start, end } = traceBounds(trace.spans)
  const total = Math.max(end - start, 0.001)
  const x = (time: number) => round(Math.min(100, Math.max(0, ((time - start) / total) * 100)))
  const step = tickStep(total)
  const count = Math.floor(total / step)
  // Labels need room to their right.
  const ticks = Array.from({ length: count + 1 }, (_, index) => index * step).filter((time) => time <= total * 0.94)
  return { start, end, x, ticks: ticks.map((time) => ({ x: x(start + time), label: tickLabel(time, step) })) }
}

/** The thin lines that carry the eye from the axis down to a bar. */
export function tickLines({ ticks }: TimeAxis): Html[] {
  return ticks.map(({ x }) => html`<line class="tick" x1="${x}%" x2="${x}%" y1="0" y2="100%"/>`)
}

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function tickStep(total: number): number {
  const rough = total / WANTED_TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * (STEPS.find((step) => step * power >= rough) ?? 10)
}

function tickLabel(time: number, step: number): string {
  if (step >= 100) return `${round(time / 1_000)} s`
  return `${round(time)} ms`
}
