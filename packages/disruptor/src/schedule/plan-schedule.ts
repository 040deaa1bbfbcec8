import { DEFAULT_GUARDS, type Guards } from '../guards.ts'
import { type SeededRandom, seededRandom } from '../random.ts'
import type { DisruptionKind } from '../target.ts'
import type { Anchor, Disruption, Schedule } from './schedule.ts'

export interface PlanOptions {
  seed: number
  /** Names of targets that may be disrupted. */
  targets: readonly string[]
  /** How many disruptions; anchored to orders, at most one lane's worth an order, so there may be fewer. */
  count: number
  /** All four by default. */
  kinds?: readonly DisruptionKind[]
  /** Spread over a battery's orders, each within some milliseconds of its order's start; or over a time. */
  spread: { orders: number; withinMs: number } | { overMs: number; warmUpMs?: number }
  /** Shortest and longest, in milliseconds; 500 to 2000 by default. */
  durationMs?: readonly [least: number, most: number]
  /** Rest between two disruptions in milliseconds; 0 by default. */
  cooldownMs?: number
  guards?: Partial<Guards>
}

/**
 * Draws a schedule from a seed. It keeps within the guards by itself, as far as times are known beforehand; how long
 * a target takes to recover is not, so the disruptor guards again when it acts.
 * @throws RangeError when no target, or no kind, or the guards allow no disruption at all
 */
export function planSchedule(options: PlanOptions): Schedule {
  const { seed, targets, spread } = options
  const guards = { ...DEFAULT_GUARDS, ...options.guards }
  const lanes = Math.min(guards.maxConcurrent, targets.length - guards.minHealthy)
  if (lanes < 1) {
    const { minHealthy, maxConcurrent } = guards
    throw new RangeError(
      `Nothing may be disrupted: ${targets.length} targets, of which ${minHealthy} must stay healthy, ${maxConcurrent} disruptions at a time`,
    )
  }
  const random = seededRandom(seed).fork('disruptions')
  const drafts = 'orders' in spread ? byOrder(options, spread, lanes, random) : byTime(options, spread, lanes, random)
  return { seed, disruptions: drafts.map((draft, index) => ({ id: `d${index + 1}`, ...draft })) }
}

type Draft = Omit<Disruption, 'id'>

const EVERY_KIND: readonly DisruptionKind[] = ['stop', 'kill', 'pause', 'restart']

/** At most one disruption a lane in each order; never two of the same target in one order. */
function byOrder(
  options: PlanOptions,
  spread: { orders: number; withinMs: number },
  lanes: number,
  random: SeededRandom,
) {
  const places = Array.from({ length: spread.orders }, (_, index) => index + 1).flatMap((order) =>
    Array.from({ length: lanes }, () => order),
  )
  const chosen = random.shuffle(places).slice(0, options.count)
  const orders = [...new Set(chosen)].sort((a, b) => a - b)
  return orders.flatMap((order): Draft[] => {
    const targets = random.shuffle(options.targets)
    return chosen
      .filter((each) => each === order)
      .map((_, index) => {
        const target = targets[index] ?? random.pick(options.targets)
        return draw(options, target, { order, afterMs: random.integer(0, spread.withinMs) }, random)
      })
      .sort((a, b) => startOf(a.anchor) - startOf(b.anchor))
  })
}

/** Each lane holds one disruption at a time; a start that finds every lane busy moves to when one is free. */
function byTime(
  options: PlanOptions,
  spread: { overMs: number; warmUpMs?: number },
  lanes: number,
  random: SeededRandom,
) {
  const { overMs, warmUpMs = 0 } = spread
  const starts = Array.from({ length: options.count }, () => random.integer(warmUpMs, Math.max(warmUpMs, overMs)))
  const free = Array.from({ length: lanes }, () => 0)
  const busyUntil = new Map<string, number>()
  return starts
    .sort((a, b) => a - b)
    .map((start): Draft => {
      const lane = free.indexOf(Math.min(...free))
      const atMs = Math.max(start, free[lane] ?? 0)
      const idle = options.targets.filter((name) => (busyUntil.get(name) ?? 0) <= atMs)
      const drawn = draw(options, random.pick(idle), { atMs }, random)
      const end = atMs + drawn.durationMs + (options.cooldownMs ?? 0)
      free[lane] = end
      busyUntil.set(drawn.target, end)
      return drawn
    })
}

function draw(options: PlanOptions, target: string, anchor: Anchor, random: SeededRandom): Draft {
  const { kinds = EVERY_KIND, durationMs: [least, most] = [500, 2_000] } = options
  const kind = random.pick(kinds)
  // Drawn for a restart too, so that another kind at this place leaves the rest of the schedule as it is.
  const drawn = random.integer(least, most)
  return { kind, target, anchor, durationMs: kind === 'restart' ? 0 : drawn }
}

function startOf(anchor: Anchor): number {
  return 'atMs' in anchor ? anchor.atMs : anchor.afterMs
}
