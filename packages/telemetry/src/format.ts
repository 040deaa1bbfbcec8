/** `0.21 s`; below 10 ms in milliseconds, so that a short call is not nothing. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds.toFixed(2)} ms`
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** `1 span`, `14 spans`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

const UUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi

/** UUIDs cut to their first eight characters, which tell them apart on a line that has no room for all of them. */
export function shortenIds(text: string, ellipsis: string): string {
  return text.replace(UUID, `$1${ellipsis}`)
}
