import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dashboards, toJson } from '../../lgtm/source/dashboards.ts'
import { committedDashboards, FOLDER, prometheusQueries } from './panels.ts'
import series from './prometheus-series.json' with { type: 'json' }
import { filledIn, parseQuery } from './promql.ts'

const known: Record<string, string[]> = series
const datasources = [...readFileSync(join(FOLDER, 'datasources.yaml'), 'utf8').matchAll(/^ {4}uid: (.+)$/gm)].map(
  ([, uid]) => uid,
)

test('the committed files are what the code makes (pnpm dashboards writes them anew)', () => {
  const made = dashboards()
  expect(committedDashboards().map(({ file }) => file)).toEqual([...made.keys()].sort())
  for (const [file, dashboard] of made)
    expect(readFileSync(join(FOLDER, 'dashboards', file), 'utf8')).toBe(toJson(dashboard))
})

describe.each(committedDashboards())('$title', ({ panels, annotations, links, tags, uid }) => {
  test('has panels with ids and words of their own, side by side', () => {
    const ids = panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { type, title, description } of panels) {
      expect(title).not.toBe('')
      if (type !== 'row') expect(description, title).toMatch(/^[A-Z"].*[.]$/)
    }
    for (const [index, { title, gridPos: a }] of panels.entries()) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24)
      for (const { title: other, gridPos: b } of panels.slice(index + 1)) {
        const overlap = a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
        expect(overlap, `${title} and ${other} overlap`).toBe(false)
      }
    }
  })

  test('asks data sources that exist, at the pace at which metrics come', () => {
    for (const { type, title, datasource, interval, targets = [] } of panels) {
      if (type === 'row') continue
      expect(datasources, title).toContain(datasource?.uid)
      for (const target of targets) expect(target.datasource?.uid, title).toBe(datasource?.uid)
      if (datasource?.uid === 'prometheus') expect(interval, title).toBe('5s')
    }
  })

  test('draws faults as regions, and leads to the other dashboards', () => {
    expect(annotations.list).toMatchObject([{ datasource: { uid: '-- Grafana --' }, target: { tags: ['chaos'] } }])
    expect(links).toMatchObject([{ type: 'dashboards', tags }])
    expect(uid).toMatch(/^chaos-kitchen-/)
  })
})

test('the home page is one of them', () => {
  const compose = readFileSync(join(FOLDER, '../compose.yaml'), 'utf8')
  const home = /HOME_DASHBOARD_PATH: \/otel-lgtm\/chaos-kitchen\/dashboards\/(\S+)/.exec(compose)?.[1]
  expect(committedDashboards().map(({ file }) => file)).toContain(home)
})

describe('queries', () => {
  test('a broken one would be noticed', () => {
    expect(() => parseQuery('sum(rate(x[5m])')).toThrow(SyntaxError)
    expect(() => parseQuery('sum by (a (x)')).toThrow(SyntaxError)
    expect(parseQuery('sum by (a, le) (rate(x_bucket{b="1", c!=""}[5m])) / y')).toEqual({
      selectors: [
        { metric: 'x_bucket', labels: ['b', 'c'] },
        { metric: 'y', labels: [] },
      ],
      grouping: ['a', 'le'],
    })
  })

  test.each(prometheusQueries())('$where is PromQL over series that Prometheus has', ({ expr, legend }) => {
    const { selectors, grouping } = parseQuery(filledIn(expr))
    const labels = new Set(selectors.flatMap(({ metric }) => known[metric] ?? []))
    for (const { metric, labels: matched } of selectors) {
      expect(Object.keys(known)).toContain(metric)
      for (const label of matched) expect(known[metric], metric).toContain(label)
    }
    for (const label of grouping) expect([...labels]).toContain(label)
    // What a legend shows must have been kept by the grouping, or be made by the query.
    const kept = [...grouping, ...[...expr.matchAll(/label_replace\(.*?"(\w+)", "/g)].map(([, label]) => label)]
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(kept).toContain(label)
  })
})
