/**
 * Chance from a seed: the same seed gives the same numbers on every machine and version of Node. The generator is
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded through cyrb128; it is not for secrets.
 */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  integer(from: number, to: number): number
  /** @throws RangeError when there is nothing to pick. */
  pick<T>(items: readonly T[]): T
  /** True with this probability (0…1). */
  chance(probability: number): boolean
  /** A copy in random order. */
  shuffle<T>(items: readonly T[]): T[]
  /**
   * An independent stream by that name: drawing more from one stream changes nothing in another, so a schedule of
   * disruptions stays as it is when the schedule of toxics gets longer.
   */
  fork(name: string): SeededRandom
}

export function seededRandom(seed: number | string): SeededRandom {
  const next = sfc32(cyrb128(String(seed)))
  const random: SeededRandom = {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick(items) {
      if (items.length === 0) throw new RangeError('Nothing to pick from')
      return items[random.integer(0, items.length - 1)] as (typeof items)[number]
    },
    chance: (probability) => next() < probability,
    shuffle(items) {
      return items
        .map((item) => ({ item, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item)
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  }
  return random
}

function cyrb128(text: string): [number, number, number, number] {
  let [h1, h2, h3, h4] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067)
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233)
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213)
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179)
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067)
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233)
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213)
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179)
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1]
}

function sfc32([a, b, c, d]: [number, number, number, number]): () => number {
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  // The first numbers still show the seed; its authors discard some.
  for (let i = 0; i < 12; i++) next()
  return next
}
