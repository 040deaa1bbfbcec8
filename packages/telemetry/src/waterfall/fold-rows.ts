import { attemptOf, outcomeOf, titleOf } from '../describe-span.ts'
import type { TreeRow } from '../span-tree.ts'
import type { Span } from '../trace.ts'

/** Below that, in milliseconds, a call's way there and back is no news. */
const UNREMARKABLE = 5

/**
 * Leaves out what can't be seen at a scale: the client's span of a call that went well and took no longer than the
 * server's, and connections that were there at once. Failures and retries always stay.
 *
 * @param cell milliseconds that one cell of a bar stands for
 */
export function foldRows(rows: readonly TreeRow[], cell: number): TreeRow[] {
  const tolerance = Math.max(cell, UNREMARKABLE)
  /** How far the children of each span move to the left. */
  const shifts = new Map<string, number>()
  const kept: TreeRow[] = []
  for (const row of rows) {
    const shift = shifts.get(row.span.parentSpanId ?? '') ?? 0
    const folded = isSameAsItsServer(row, tolerance) || isQuickConnect(row.span, tolerance)
    shifts.set(row.span.spanId, folded ? shift + 1 : shift)
    if (!folded) kept.push({ ...row, depth: row.depth - shift })
  }
  return kept
}

function isSameAsItsServer({ span, children }: TreeRow, tolerance: number): boolean {
  const [server, ...others] = children
  if (span.kind !== 'client' || server?.kind !== 'server' || others.length > 0) return false
  if (attemptOf(span) !== undefined || outcomeOf(span).failed || outcomeOf(server).failed) return false
  return Math.abs(span.duration - server.duration) <= tolerance
}

function isQuickConnect(span: Span, tolerance: number): boolean {
  return titleOf(span) === 'connect' && !outcomeOf(span).failed && span.duration <= tolerance
}
