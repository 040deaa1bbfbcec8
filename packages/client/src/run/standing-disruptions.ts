import { type DisruptionKind, seededRandom } from '@chaos-kitchen/disruptor'

/** A disruption of a standing run. Times in milliseconds. */
export interface StandingDisruption {
  /** From the end of the one before. */
  readonly after: number
  readonly kind: DisruptionKind
  readonly target: string
  readonly duration: number
}

const KINDS: readonly DisruptionKind[] = ['stop', 'kill', 'pause', 'restart']

/**
 * Without an end, and the same for the same seed. The pauses are drawn between half and one and a half of the mean, so
 * that nobody can wait for the beat.
 */
export function* standingDisruptions(options: {
  seed: number
  targets: readonly string[]
  every: number
  duration: number
}): Generator<StandingDisruption, never> {
  const { seed, targets, every, duration } = options
  const random = seededRandom(seed).fork('disrupt')
  while (true) {
    const after = Math.round(every / 2 + (random.integer(0, 1_000) / 1_000) * every)
    const kind = random.pick(KINDS)
    yield { after, kind, target: random.pick(targets), duration: kind === 'restart' ? 0 : duration }
  }
}
