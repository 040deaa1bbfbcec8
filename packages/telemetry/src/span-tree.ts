import type { Span } from './trace.ts'

/** A span at its place in the tree; rows follow each other top to bottom. */
export interface TreeRow {
  span: Span
  depth: number
  children: readonly Span[]
}

/**
 * Orders spans as a person reads them: parents before children, siblings by start. A span whose parent never arrived
 * stands as a root; so does one of a ring of parents, which no honest client sends.
 */
export function spanTree(spans: readonly Span[]): TreeRow[] {
  // Starts are whole milliseconds at some tracers: of two that began together, the one that ended first was first.
  const ordered = spans.toSorted(
    (a, b) => a.start - b.start || a.duration - b.duration || (a.spanId < b.spanId ? -1 : 1),
  )
  const known = new Set(ordered.map((span) => span.spanId))
  const byParent = Map.groupBy(ordered, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : '',
  )
  const rows: TreeRow[] = []
  const placed = new Set<string>()
  // Without recursion: a chain of thousands must not exhaust the stack.
  const place = (root: Span) => {
    const pending = [{ span: root, depth: 0 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { span, depth } = next
      if (placed.has(span.spanId)) continue
      placed.add(span.spanId)
      const children = byParent.get(span.spanId) ?? []
      rows.push({ span, depth, children })
      for (const child of children.toReversed()) pending.push({ span: child, depth: depth + 1 })
    }
  }
  for (const root of byParent.get('') ?? []) place(root)
  for (const span of ordered) place(span)
  return rows
}
