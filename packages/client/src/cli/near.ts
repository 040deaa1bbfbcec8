/** The name that someone probably meant, or undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const begun = known.filter((candidate) => candidate.startsWith(name.toLowerCase()))
  if (name !== '' && begun.length === 1) return begun[0]
  const [best] = known
    .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const near = best !== undefined && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3))
  return near ? best.candidate : undefined
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const at = (row: number, column: number) => (row === i ? current[column] : rows[row]?.[column]) ?? Infinity
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      current[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped)
    }
    rows.push(current)
  }
  return rows[a.length]?.[b.length] ?? Infinity
}
