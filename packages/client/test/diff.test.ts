import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareVersions, pairsOf } from '../src/diff/compare.ts'
import { comparisonPage } from '../src/diff/page.ts'
import { renderComparison, SIDE_BY_SIDE_FROM } from '../src/diff/render.ts'
import { createTheme } from '../src/screen/theme.ts'

const before = { name: 'your file', text: 'a\nb\nc\nd\ne\nf\ng\nh\n' }
const after = { name: 'solution', text: 'a\nB\nB2\nc\nd\ne\nf\ng\nh\n' }
const plain = createTheme({ colour: false, ascii: false })

test('one below the other, with numbers and what is around', () => {
  expect(`\n${renderComparison(plain, compareVersions(before, after), 80).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     - your file   + solution
     1 line out, 2 lines in

        1   a
        2 - b
        2 + B
        3 + B2
        4   c
        5   d
        6   e
    "
  `)
})

test('a long line goes on below, for what differs may stand at its end', () => {
  const call = (last: string) =>
    `  const menuCalls = pipeline('menu', [again(), circuitBreaker({ window: 5_000 }), ${last}])`
  const comparison = compareVersions({ name: 'l', text: call('timeout(500)') }, { name: 'r', text: call('hedge(50)') })
  expect(`\n${renderComparison(plain, comparison, 80).join('\n')}\n`).toMatchInlineSnapshot(`
    "
     - l   + r
     1 line out, 1 line in

        1 -   const menuCalls = pipeline('menu', [again(), circuitBreaker({ window:
                  5_000 }), timeout(500)])
        1 +   const menuCalls = pipeline('menu', [again(), circuitBreaker({ window:
                  5_000 }), hedge(50)])
    "
  `)
  const wide = renderComparison(plain, comparison, SIDE_BY_SIDE_FROM).join('\n')
  expect(wide).toMatch(/timeout\(500\)\]\) +\| .*hedge\(50\)\]\)/)
})

test('side by side where there is room', () => {
  const lines = renderComparison(plain, compareVersions(before, after), SIDE_BY_SIDE_FROM)
  expect(lines.find((line) => line.includes('- b'))).toMatch(/ 2 - b +\| +2 \+ B$/)
  expect(lines.find((line) => line.includes('B2'))).toMatch(/^ +\| +3 \+ B2$/)
})

test('the same is said to be the same', () => {
  expect(renderComparison(plain, compareVersions(before, before), 80)).toEqual([
    ' your file and your file are the same.',
  ])
})

describe('whatever the versions', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '', '  c\t', '<b>'), { maxLength: 12 }).map((all) => all.join('\n'))
  const options = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 200 }

  test('every line of a change is told once, with its number, in both forms', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const { hunks } = compareVersions({ name: 'l', text: left }, { name: 'r', text: right })
        for (const hunk of hunks) {
          const pairs = pairsOf(hunk)
          const of = (kind: 'removed' | 'added') => hunk.lines.filter((line) => line.kind === kind)
          expect(pairs.flatMap((pair) => (pair.left?.kind === 'removed' ? [pair.left] : []))).toEqual(of('removed'))
          expect(pairs.flatMap((pair) => (pair.right?.kind === 'added' ? [pair.right] : []))).toEqual(of('added'))
          for (const line of of('removed'))
            expect(left.split('\n')[line.before! - 1]?.replaceAll('\t', '  ')).toBe(line.text)
          for (const line of of('added'))
            expect(right.split('\n')[line.after! - 1]?.replaceAll('\t', '  ')).toBe(line.text)
        }
      }),
      options,
    )
  })

  test('no line is wider than the terminal', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 40, max: 220 }), (left, right, columns) => {
        const wide = (each: string) => each.replaceAll('a', 'wide '.repeat(60))
        const comparison = compareVersions({ name: 'l', text: wide(left) }, { name: 'r', text: wide(right) })
        for (const line of renderComparison(plain, comparison, columns))
          expect(line.length).toBeLessThanOrEqual(columns)
      }),
      options,
    )
  })
})

test('the page shows all three, and escapes what they say', () => {
  const mine = { name: 'your file', text: 'const x = "<script>alert(1)</script>"\n' }
  const page = comparisonPage('02-timeout', {
    shipped: { name: 'as handed out', text: 'old\n' },
    mine,
    solution: after,
  })
  expect(page).toContain('<del>old</del>')
  expect(page).toContain('<ins>const x = &quot;&lt;script&gt;alert(1)')
  expect(page).not.toContain('<script>alert')
  expect(page).toContain('What you changed')
  expect(page).toContain('Your file and the solution')
})
