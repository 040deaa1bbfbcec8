import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareVersions, pairsOf } from '../src/diff/compare.ts'
import { comparisonPage } from '../src/diff/page.ts'
import { renderComparison, SIDE_BY_SIDE_FROM } from '../src/diff/render.ts'
import { createTheme } from '../src/screen/theme.ts'
import { browserPath, launchBrowser } from './support/browser.ts'
import { contrastOf } from './support/contrast.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

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

test('as a page, --mine tells nothing of the solution', { timeout: 60_000 }, async () => {
  const { home, remove } = temporaryHome()
  const workshop = workshopIn(home)
  const { stdout, code } = await workshop.run('diff', '02', '--mine', '--web')
  expect(code).toBe(0)
  const page = readFileSync(stdout.trim(), 'utf8')
  expect(page).toContain('What you changed')
  expect(page).not.toMatch(/solution/i)
  const both = await workshop.run('diff', '02', '--web', '--yes')
  expect(readFileSync(both.stdout.trim(), 'utf8')).toContain('Your file and the solution')
  remove()
})

if (browserPath === undefined) console.log('skipped: the comparison in a browser, as no chromium is on this machine')

describe.skipIf(browserPath === undefined)('in a browser', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitchen-diff-'))
  const file = join(folder, 'diff.html')
  const long = `const wide = '${'wide '.repeat(60)}'\n`
  const evil = `const x = "<img src=x onerror=alert(1)><script>document.title = 'owned'</script>"\n`
  const versions = {
    shipped: { name: 'as handed out', text: `a\nb\nc\n${long}` },
    mine: { name: 'your file', text: `a\nB\n${evil}c\n${long}` },
    solution: { name: 'solution', text: `a\nB\nc\n${long}d\n` },
  }
  let browser: Browser
  beforeAll(async () => {
    writeFileSync(file, comparisonPage('02-timeout', versions))
    browser = await launchBrowser()
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function look(width: number, colorScheme: 'light' | 'dark', at: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    try {
      await page.goto(pathToFileURL(file).href)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await page.title()).toBe('02 timeout: your file · Chaos Kitchen')
      expect(await page.locator('img, script').count()).toBe(0)
      await at(page)
      expect(complaints).toEqual([])
    } finally {
      await page.close()
    }
  }

  test('side by side where there is room, whatever a line says', async () => {
    await look(1_200, 'light', async (page) => {
      const first = page.locator('section').first()
      expect(await first.locator('.facts').textContent()).toMatch(/as handed out: 1 line out\s+your file: 2 lines in/)
      const [removed, added] = [first.getByRole('deletion'), first.getByRole('insertion').first()]
      expect(await removed.textContent()).toBe('b')
      expect(await added.textContent()).toBe('B')
      const [left, right] = [await removed.boundingBox(), await added.boundingBox()]
      expect(left!.y).toBe(right!.y)
      expect(left!.x).toBeLessThan(right!.x)
      expect(await first.getByRole('cell', { name: '<img src=x' }).count()).toBe(1)
    })
  })

  test.each(['light', 'dark'] as const)('its text can be read when it is %s', async (scheme) => {
    await look(1_200, scheme, async (page) => {
      const found = await page.evaluate<string[][]>(`
        ['.diff ins', '.diff del', '.diff .same code', '.diff .number.removed', 'thead th', '.facts .added']
          .map((selector) => document.querySelector(selector))
          .map((each) => [each, document.body, each.closest('td') ?? document.body])
          .map(([each, body, cell]) => [getComputedStyle(each).color, ...[body, cell].map((behind) => getComputedStyle(behind).backgroundColor)])`)
      expect(found).toHaveLength(6)
      for (const [text = '', ...grounds] of found) expect(contrastOf(text, ...grounds)).toBeGreaterThan(4.5)
    })
  })

  test('one below the other in a narrow window, where what is the same is told once', async () => {
    await look(390, 'dark', async (page) => {
      const first = page.locator('section').first()
      const [left, right] = await Promise.all([
        first.locator('del').boundingBox(),
        first.locator('ins').first().boundingBox(),
      ])
      expect(left!.y).toBeLessThan(right!.y)
      expect(left!.x).toBe(right!.x)
      expect(await first.locator('code:visible').allInnerTexts()).toHaveLength(6)
    })
  })
})
