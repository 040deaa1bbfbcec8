import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import * as library from '../src/index.ts'

/** The pages say of each policy what its code says: every option with its unit and default, and what to look for. */
const docs = join(import.meta.dirname, '..', 'docs')
const page = (name: string) => readFileSync(join(docs, `${name}.md`), 'utf8')

/** An option that is none is refused with the names of those that there are. */
const wrong = JSON.parse('{ "qqqqqqqqqqqqqqqqqqqqqqqqq": 1 }')
const policies = {
  'adaptive-limit': () => library.adaptiveLimit(wrong),
  bulkhead: () => library.bulkhead(wrong),
  cache: () => library.cache(wrong),
  'circuit-breaker': () => library.circuitBreaker(wrong),
  coalesce: () => library.coalesce(wrong),
  fallback: () => library.fallback(() => 1, wrong),
  hedge: () => library.hedge(wrong),
  inject: () => library.inject({ error: true, ...wrong }),
  'rate-limit': () => library.rateLimit(wrong),
  retry: () => library.retry(wrong),
  shed: () => library.shed(wrong),
  throttle: () => library.throttle(wrong),
  timeout: () => library.timeout(wrong),
}
const others = {
  pipelines: () => library.pipelines(wrong),
  'retry-budget': () => library.retryBudget({ tokens: 1, ...wrong }),
}

function optionsOf(create: () => unknown): string[] {
  try {
    create()
  } catch (error) {
    const names = /there are: (.+)\)/.exec(String(error))?.[1]
    if (names !== undefined) return names.split(', ')
  }
  throw new Error('The wrong option was not refused.')
}

test.each(Object.entries({ ...policies, ...others }))('%s: its page names every option', (name, create) => {
  const text = page(name)
  expect(optionsOf(create).filter((option) => !text.includes(`\`${option}\``))).toEqual([])
})

test.each(Object.keys(policies))(
  '%s: its page tells of events, metrics, rejections, what it is not for, and its source',
  (name) => {
    const text = page(name)
    for (const part of ['- Events: ', ' Metrics: ', ' Rejects with ', '- Not for: ', '- Source: '])
      expect(text).toContain(part)
  },
)

test.each(Object.entries(policies))(
  '%s: its page has a table of options, and none that the code does not know',
  (name, create) => {
    const rows = page(name).matchAll(/^\| ((?:`\w+`(?:, )?)+) .*\|$/gm)
    const documented = [...rows].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, each = '']) => each),
    )
    const known = new Set([...optionsOf(create), 'quantile', 'atLeast', 'minimumCalls'])
    expect(documented.length).toBeGreaterThan(0)
    expect(documented.filter((each) => !known.has(each))).toEqual([])
  },
)

test('every page is linked from the README or from a page that is, and every link leads somewhere', () => {
  const root = join(docs, '..')
  const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
  const reached = new Set<string>()
  const broken: string[] = []
  const read = (file: string) => {
    if (reached.has(file)) return
    reached.add(file)
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g)) {
      const linked = join(dirname(file), target)
      if (existsSync(linked)) read(linked)
      else broken.push(`${file} → ${target}`)
    }
  }
  read(join(root, 'README.md'))
  expect(broken).toEqual([])
  expect(files.map((file) => join(docs, file)).filter((file) => !reached.has(file))).toEqual([])
})
