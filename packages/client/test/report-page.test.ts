import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openerOf } from '../src/cli/open-page.ts'
import { findRun } from '../src/report/find-run.ts'
import { junitOf, writeJUnit } from '../src/report/junit.ts'
import { comparePage } from '../src/report/page/compare-page.ts'
import { reportPage } from '../src/report/page/report-page.ts'
import { phasesOf } from '../src/report/phases.ts'
import { keepRun, pageOf } from '../src/report/runs.ts'
import { verdictToJson } from '../src/report/to-json.ts'
import { browserPath, launchBrowser } from './support/browser.ts'
import { contrastOf } from './support/contrast.ts'
import { verdictAt } from './support/verdict.ts'
import { temporaryHome, workshopIn } from './support/workshop.ts'

const SEED = Number(process.env.FC_SEED ?? 20261126)
const EVIL = `</title><script>document.title = 'owned'</script>"onload='x' & ü`
const verdict = verdictAt(new Date(Date.UTC(2026, 10, 26, 18)))
const report = verdictToJson(verdict)
const evil = {
  ...{ ...report, battery: EVIL, orderService: EVIL, client: EVIL },
  orders: report.orders.map((order) => ({ ...order, gaveUp: EVIL, traceUrl: `javascript:alert('${EVIL}')` })),
  invariants: report.invariants.map((invariant) => ({ ...invariant, name: EVIL, why: EVIL, shown: EVIL })),
  faults: report.faults.map((fault) => ({ ...fault, label: EVIL })),
}

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'kitchen-report-page-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('latency before, during and after faults', () => {
  const order = (startedAt: number, ms: number) => ({ ...report.orders[1]!, startedAt, ms })
  const fault = (from: number, to: number) => ({ ...report.faults[0]!, from, to })
  test('each order counts once, by whether a fault was on while it waited', () => {
    const orders = [order(0, 100), order(150, 100), order(450, 10), order(700, 20), order(900, 300)]
    expect(phasesOf({ orders, faults: [fault(200, 400), fault(500, 600)] })).toMatchObject([
      { phase: 'before the first fault', orders: 1, p50: 100 },
      { phase: 'during a fault', orders: 1, p50: 100 },
      { phase: 'between faults', orders: 1, p50: 10 },
      { phase: 'after the last fault', orders: 2, p50: 20, p95: 300, max: 300 },
    ])
    expect(phasesOf({ orders, faults: [] })).toMatchObject([{ phase: 'without faults', orders: 5 }])
  })
  test('no order is lost or counted twice, whatever the faults', () => {
    const interval = fc.tuple(fc.nat(2_000), fc.nat(500))
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 20 }), fc.array(interval, { maxLength: 5 }), (waits, faults) => {
        const phases = phasesOf({
          orders: waits.map(([from, ms]) => order(from, ms)),
          faults: faults.map(([from, ms]) => fault(from, from + ms)),
        })
        expect(phases.reduce((sum, { orders }) => sum + orders, 0)).toBe(waits.length)
      }),
      { seed: SEED, numRuns: 100 },
    )
  })
})

describe('JUnit XML', () => {
  test('a suite a run, a case a check, the reason in the failure', () => {
    const xml = junitOf([report, report])
    expect(xml).toContain('<testsuites name="Chaos Kitchen" tests="4" failures="2"')
    expect(xml.match(/<testsuite name="complete" tests="2" failures="1"/g)).toHaveLength(2)
    expect(xml).toContain('<property name="seed" value="7"/>')
    expect(xml).toMatch(/message="measured 5 orders, limit 6 orders">Order 1 is lost\.\nOrder 1, 0\.20 s: trace 0+1</)
  })
  test('whatever is in it, it stays XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const xml = junitOf([{ ...report, battery: text, invariants: [{ ...report.invariants[0]!, why: text }] }])
        expect(xml.replace(/<[^<>]*>/g, '').match(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/)).toBeNull()
        expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
      }),
      { seed: SEED, numRuns: 200 },
    )
  })
  test('is written where the person asked, and a folder that is not there is told', async () => {
    const file = await writeJUnit(join(home, 'checks.xml'), verdict)
    expect(readFileSync(file, 'utf8')).toContain('name="every order placed"')
    await expect(writeJUnit(join(home, 'nowhere/checks.xml'), verdict)).rejects.toThrow("can't be written")
  })
})

test('a run is found by its place from the end, and by part of its name', async () => {
  for (const seed of [1, 2, 3]) await keepRun(home, verdictAt(new Date(Date.UTC(2026, 10, 26, 10, seed)), seed))
  const seedOf = async (text?: string) => (await findRun(home, text)).report.seed
  expect([await seedOf(), await seedOf('1'), await seedOf('3'), await seedOf('complete-2')]).toEqual([3, 3, 1, 2])
  for (const nothing of ['0', '4', 'rush']) await expect(findRun(home, nothing)).rejects.toThrow('There is no run')
  expect(readFileSync(pageOf((await findRun(home)).folder), 'utf8')).toContain('seed 3')
})

test('as a command it shows the last run, compares two, lists all, and says where the pages are', async () => {
  const { home: own, remove } = temporaryHome()
  const workshop = workshopIn(own)
  expect(await workshop.run('report')).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('There is no run yet'),
  })
  for (const seed of [1, 2]) await keepRun(own, verdictAt(new Date(Date.UTC(2026, 10, 26, 10, seed)), seed))
  const last = await workshop.run('report')
  expect(last).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/1 of 2 checks failed[\s\S]*seed 2[\s\S]*Order 1 is lost/),
  })
  expect(readFileSync(/(\S+report\.html)/.exec(last.stdout)?.[1] ?? '', 'utf8')).toContain('<!doctype html>')
  const both = await workshop.run('report', '--compare')
  expect(both.stdout).toMatch(/A .*complete-1[\s\S]*B .*complete-2[\s\S]*every order placed/)
  expect(readFileSync(/(\S+compared-with\S+\.html)/.exec(both.stdout)?.[1] ?? '', 'utf8')).toContain('Two runs')
  expect((await workshop.run('report', '--list')).stdout).toMatch(/1 ✗ .*complete-2[\s\S]*2 ✗ .*complete-1/)
  expect(JSON.parse((await workshop.run('report', '2', '--json')).stdout)).toMatchObject({ seed: 1, passed: false })
  expect(await workshop.run('report', '1', '2')).toMatchObject({ code: 2 })
  remove()
}, 60_000)

test('a page is opened only where there is a desktop', () => {
  expect(openerOf('linux', {})).toBeUndefined()
  expect(openerOf('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open'])
  expect(openerOf('darwin', {})).toEqual(['open'])
  expect(openerOf('win32', {})).toEqual(['explorer.exe'])
})

if (browserPath === undefined) console.log('skipped: the report in a browser, as no chromium is on this machine')

describe.skipIf(browserPath === undefined)('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 90_000)
  afterAll(() => browser?.close())

  async function open(html: string, colorScheme: 'light' | 'dark' = 'light') {
    const file = join(home, 'page.html')
    writeFileSync(file, html)
    const page = await browser.newPage({ colorScheme })
    const complaints: string[] = []
    const requests: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href)
    return { page, complaints, requests }
  }

  test('the answer, the checks and every order are there; nothing is loaded; the keyboard reaches the orders', async () => {
    const { page, complaints, requests } = await open(reportPage(report))
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('✗ 1 of 2 checks failed')
    expect(await page.getByRole('row', { name: /every order placed/ }).textContent()).toContain('Order 1 is lost.')
    expect(await page.getByRole('table').count()).toBe(4)
    expect(
      await page
        .getByRole('list', { name: /Orders, in the order/ })
        .getByRole('link')
        .count(),
    ).toBe(6)
    await page.getByRole('link', { name: 'order 2, placed, 1 attempt, 0.20 s' }).focus()
    await page.keyboard.press('Enter')
    expect(page.url()).toMatch(/#order-2$/)
    expect(await page.getByRole('img', { name: /Latency of 6 orders/ }).count()).toBe(1)
    expect(complaints).toEqual([])
    expect(requests).toHaveLength(1)
    await page.close()
  })

  test.each(['light', 'dark'] as const)('its text can be read when it is %s', async (scheme) => {
    const { page } = await open(reportPage(report), scheme)
    const painted = await page.evaluate<string[]>(`
      ['.quiet', '.failed', '.passed', 'a', 'h2', 'thead th'].map((selector) => getComputedStyle(document.querySelector(selector)).color)
        .concat(getComputedStyle(document.body).backgroundColor)`)
    const ground = painted.pop() ?? ''
    expect(Math.min(...painted.map((text) => contrastOf(text, ground)))).toBeGreaterThan(4.5)
    await page.close()
  })

  test.each([
    ['a report', () => reportPage(evil)],
    ['a comparison', () => comparePage(evil, report)],
  ])('whatever things are called, %s shows it and runs nothing', async (_, make) => {
    const { page, complaints } = await open(make())
    expect(await page.title()).toContain('</title><script>')
    expect(await page.getByText(EVIL, { exact: false }).count()).toBeGreaterThan(0)
    expect(await page.locator('script, [onload], a[href^="javascript"]').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('many orders share one drawing', async () => {
    const orders = Array.from({ length: 300 }, (_, index) => ({ ...report.orders[1]!, number: index + 1 }))
    const { page } = await open(reportPage({ ...report, orders }))
    expect(await page.getByRole('img', { name: /300 orders over time/ }).count()).toBe(1)
    expect(await page.getByRole('row').count()).toBeGreaterThan(300)
    await page.close()
  })
})
