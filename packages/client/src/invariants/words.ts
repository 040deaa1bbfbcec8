/** `order 2`, `orders 2 and 5`, `orders 1, 2, 3 and 9 more`. */
export function orderList(numbers: readonly number[]): string {
  if (numbers.length === 1) return `order ${numbers[0]}`
  const shown = numbers.length > 4 ? numbers.slice(0, 3) : numbers.slice(0, -1)
  const last = numbers.length > 4 ? `${numbers.length - 3} more` : numbers.at(-1)
  return `orders ${shown.join(', ')} and ${last}`
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Cents as `25.00`. */
export function money(cents: number): string {
  return (cents / 100).toFixed(2)
}

/** `one`, `two`, … `ten`, then figures. */
export function inWords(count: number): string {
  return ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'][count] ?? String(count)
}
