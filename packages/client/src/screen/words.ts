/** `1 attempt`, `3 attempts`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

export function ordinal(number: number): string {
  const last = number % 10
  const teen = Math.trunc((number % 100) / 10) === 1
  return `${number}${teen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`
}

/** `0:14` */
export function clock(ms: number): string {
  const total = Math.floor(ms / 1_000)
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`
}

/** An id, cut for the screen. */
export function shortId(id: string): string {
  return `${id.slice(0, 8)}…`
}

/** What a command needs to mean the restaurant of this stage. */
export function flagOf(stage: 'embedded' | 'docker'): string {
  return stage === 'docker' ? ' --docker' : ''
}
