const NAMED = new Set(['order', 'menu', 'loyalty', 'client', 'postgres'])
const OTHERS = 3

/** The class that colours a place, the same on every page: its own for the restaurant's, a stable one for others. */
export function colourOf(place: string): string {
  if (NAMED.has(place)) return `c-${place}`
  let sum = 0
  for (const character of place) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return `c-other-${sum % OTHERS}`
}
