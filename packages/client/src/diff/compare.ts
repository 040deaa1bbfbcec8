import { structuredPatch } from 'diff'

/** A text and what a person calls it. */
export interface Version {
  readonly name: string
  readonly text: string
}

/** Two versions of a file, as lines that are the same, removed or added; far away from any change they are left out. */
export interface Comparison {
  readonly before: string
  readonly after: string
  readonly hunks: readonly Hunk[]
  readonly added: number
  readonly removed: number
}

export interface Hunk {
  readonly lines: readonly DiffLine[]
}

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
  /** Line numbers from 1; absent where the version has no such line. */
  readonly before?: number
  readonly after?: number
}

/** Lines shown around a change. */
const CONTEXT = 3

export function compareVersions(before: Version, after: Version): Comparison {
  const { hunks } = structuredPatch(before.name, after.name, before.text, after.text, '', '', { context: CONTEXT })
  const read = hunks.map(({ oldStart, newStart, lines }) => ({ lines: readLines(lines, oldStart, newStart) }))
  const count = (kind: DiffLine['kind']) =>
    read.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0)
  return { before: before.name, after: after.name, hunks: read, added: count('added'), removed: count('removed') }
}

function readLines(lines: readonly string[], oldStart: number, newStart: number): DiffLine[] {
  let [before, after] = [oldStart, newStart]
  return lines.flatMap((line): DiffLine[] => {
    const text = line.slice(1).replace(/\r$/, '').replaceAll('\t', '  ')
    if (line.startsWith('-')) return [{ kind: 'removed', text, before: before++ }]
    if (line.startsWith('+')) return [{ kind: 'added', text, after: after++ }]
    // `\ No newline at end of file`
    return line.startsWith('\\') ? [] : [{ kind: 'same', text, before: before++, after: after++ }]
  })
}

export interface Pair {
  readonly left?: DiffLine
  readonly right?: DiffLine
}

/** The lines of a hunk side by side: what was removed stands beside what came for it. */
export function pairsOf({ lines }: Hunk): Pair[] {
  const pairs: Pair[] = []
  let removed: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index++) {
      const [left, right] = [removed[index], added[index]]
      pairs.push({ ...(left && { left }), ...(right && { right }) })
    }
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') removed.push(line)
    else if (line.kind === 'added') added.push(line)
    else {
      flush()
      pairs.push({ left: line, right: line })
    }
  }
  flush()
  return pairs
}
