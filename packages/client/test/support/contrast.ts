/**
 * Contrast of text against what is behind it, by the formula of WCAG 2.
 * @param text a colour as a browser computes it, `rgb(…)` or `color(srgb …)`
 * @param grounds what is behind it, the farthest first; those that are translucent are mixed with what is behind them
 */
export function contrastOf(text: string, ...grounds: readonly string[]): number {
  let ground = [1, 1, 1]
  for (const each of grounds) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = partsOf(each)
    ground = [red, green, blue].map((part, index) => part * alpha + ground[index]! * (1 - alpha))
  }
  const [lighter, darker] = [luminance(partsOf(text)), luminance(ground)].sort((a, b) => b - a)
  return (lighter! + 0.05) / (darker! + 0.05)
}

/** Red, green, blue from 0 to 1, and how opaque it is. */
function partsOf(colour: string): number[] {
  const numbers = (colour.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number)
  return colour.startsWith('color(') ? numbers : numbers.map((part, index) => (index < 3 ? part / 255 : part))
}

function luminance(parts: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = parts.map((share) =>
    share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
