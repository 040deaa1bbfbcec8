import type { Span } from './trace.ts'

/** A span at its place in the tree. */
export interface TreeRow {
  span: Span
  depth: number
  children: TreeRow[]
}

/**
 * Orders spans as a person reads them: parents before children, siblings by start. A span whose parent never arrived
 * stands as a root; so does one of a ring of parents, which no honest client sends.
 */
export function spanTree(spans: readonly Span[]): TreeRow[] {
  const ordered = spans.toSorted((a, b) => a.start - b.start || (a.spanId < b.spanId ? -1 : 1))
  const known = new Set(ordered.map((span) => span.spanId))
  const byParent = Map.groupBy(ordered, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : '',
  )
  const placed = new Set<string>()
  const place = (span: Span, depth: number): TreeRow[] => {
    if (placed.has(span.spanId)) return []
    placed.add(span.spanId)
    const children = byParent.get(span.spanId) ?? []
    return [{ span, depth, children: children.flatMap((child) => place(child, depth + 1)) }]
  }
  const roots = (byParent.get('') ?? []).flatMap((span) => place(span, 0))
  return [...roots, ...ordered.flatMap((span) => place(span, 0))]
}

/** The tree as lines, top to bottom. */
export function flatten(rows: readonly TreeRow[]): TreeRow[] {
  return rows.flatMap((row) => [row, ...flatten(row.children)])
}
