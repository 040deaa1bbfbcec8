/** Numbers in [0, 1). */
export type Random = () => number

/**
 * A generator for one purpose, made from a seed and the words that name the purpose. Two purposes never share a
 * sequence, so what one connection draws doesn't depend on how fast another one is.
 *
 * The mixing is FNV-1a over the words, then mulberry32.
 */
export function randomFor(seed: number, ...purpose: (string | number)[]): Random {
  let state = 0x811c9dc5
  for (const character of `${seed}|${purpose.join('|')}`) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
