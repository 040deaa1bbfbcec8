import type { Random } from '../random.ts'

/**
 * Sizes that add up to `length`, each at most `average` + `variation`: halves, and halves of halves, each cut off the
 * middle by up to `variation`. So no end of the data tends to have the smaller ones.
 */
export function slices(length: number, average: number, variation: number, random: Random): number[] {
  const sizes: number[] = []
  const rest = [length]
  for (let size = rest.pop(); size !== undefined; size = rest.pop()) {
    if (size <= average + variation) {
      sizes.push(size)
      continue
    }
    const offset = variation > 0 ? Math.floor((random() * 2 - 1) * variation) : 0
    const left = Math.min(size - 1, Math.max(1, Math.floor(size / 2) + offset))
    rest.push(size - left, left)
  }
  return sizes
}
