import { parser } from '@prometheus-io/lezer-promql'

export interface Selector {
  metric: string
  /** That it matches on. */
  labels: string[]
}

export interface ParsedQuery {
  selectors: Selector[]
  /** That it groups by. */
  grouping: string[]
}

/** A query as Prometheus gets it, with Grafana's variables filled in. */
export function filledIn(expr: string): string {
  return expr.replaceAll('$__rate_interval', '20s').replaceAll('$__range', '15m').replaceAll('$pipeline', '.*')
}

/** @throws SyntaxError where it is no PromQL */
export function parseQuery(query: string): ParsedQuery {
  const selectors: Selector[] = []
  const grouping: string[] = []
  let errorAt: number | undefined
  parser.parse(query).iterate({
    enter({ type, from, to }) {
      const text = query.slice(from, to)
      if (type.isError) errorAt ??= from
      if (type.name === 'VectorSelector') selectors.push({ metric: '', labels: [] })
      const selector = selectors.at(-1)
      if (type.name === 'Identifier' && selector?.metric === '') selector.metric = text
      if (type.name === 'LabelName') {
        if (isWithin(query, from)) selector?.labels.push(text)
        else grouping.push(text)
      }
    },
  })
  if (errorAt !== undefined) throw new SyntaxError(`Not PromQL at ${errorAt}: ${query}`)
  return { selectors, grouping }
}

/** Label names stand in braces where they select, and in parentheses where they group. */
function isWithin(query: string, at: number): boolean {
  return query.lastIndexOf('{', at) > query.lastIndexOf('}', at)
}
