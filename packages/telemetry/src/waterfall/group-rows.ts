import { outcomeOf, placeOf, titleOf } from '../describe-span.ts'
import type { TreeRow } from '../span-tree.ts'
import type { Span } from '../trace.ts'

/** A row of a waterfall: one span, or several siblings that look the same. */
export interface WaterfallRow extends TreeRow {
  /** The siblings that this row stands for, `span` being their first; empty where it stands for itself alone. */
  alike: readonly Span[]
  /** How many spans this row stands for, with all that is below them. */
  stands: number
}

/** So many siblings in a row that look the same are one too many to read. */
const TOO_MANY = 4

/** Deeper than that nobody retries, and every level costs a pass. */
const MAX_LEVELS = 8

/** A row with all that is below it. */
type Subtree = readonly TreeRow[]

/**
 * Of siblings that look the same, attempts mostly, keeps the first with all that is below it, and one row for all the
 * others: thirty refused attempts are one thing to see, not ninety.
 */
export function groupRows(rows: readonly TreeRow[], levels = MAX_LEVELS): WaterfallRow[] {
  if (levels === 0) return rows.map(alone)
  const grouped: WaterfallRow[] = []
  for (const run of runsOf(subtreesOf(rows))) {
    const [first = [], ...others] = run
    const shown = run.length >= TOO_MANY ? [first] : run
    for (const [head, ...below] of shown) {
      if (head) grouped.push(alone(head))
      for (const row of groupRows(below, levels - 1)) grouped.push(row)
    }
    const heads = run.length >= TOO_MANY ? others.flatMap(([head]) => head ?? []) : []
    if (heads[0]) grouped.push({ ...heads[0], alike: heads.map(({ span }) => span), stands: others.flat().length })
  }
  return grouped
}

function alone(row: TreeRow): WaterfallRow {
  return { ...row, alike: [], stands: 1 }
}

/** Splits rows at those of the least depth. */
function subtreesOf(rows: readonly TreeRow[]): Subtree[] {
  const top = rows[0]?.depth ?? 0
  const subtrees: TreeRow[][] = []
  for (const row of rows) {
    if (row.depth <= top || subtrees.length === 0) subtrees.push([row])
    else subtrees.at(-1)?.push(row)
  }
  return subtrees
}

/** Puts neighbours that look the same together. */
function runsOf(subtrees: readonly Subtree[]): Subtree[][] {
  const runs: Subtree[][] = []
  let before = ''
  for (const subtree of subtrees) {
    const looks = looksOf(subtree)
    if (runs.length > 0 && looks === before) runs.at(-1)?.push(subtree)
    else runs.push([subtree])
    before = looks
  }
  return runs
}

function looksOf(subtree: Subtree): string {
  const top = subtree[0]?.depth ?? 0
  const parts = subtree.map(({ span, depth }) => {
    const title = titleOf(span).replace(/, attempt \d+$/, '')
    return [depth - top, placeOf(span), title, outcomeOf(span).text]
  })
  return JSON.stringify(parts)
}
