import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collector } from '../../src/collector/index.ts'
import type { Span } from '../../src/index.ts'
import { browserPath, launchBrowser } from '../support/browser.ts'
import { memoryCollector, postJson } from '../support/collector.ts'
import { otlpLogs, otlpTraces } from '../support/otlp-json.ts'
import { START, sampleFaults, sampleTrace, span, TRACE_ID } from '../support/sample-trace.ts'

if (browserPath === undefined) console.log('skipped: the trace page in a browser, as no chromium is on this machine')

describe.skipIf(browserPath === undefined)('the trace page in a browser', () => {
  let collector: Collector
  let browser: Browser
  let page: Page
  /** Whatever the browser complains about, refusals of the content security policy included. */
  let complaints: string[]
  /** Hosts that the page talked to. */
  let hosts: Set<string>

  beforeAll(async () => {
    ;[collector, browser] = await Promise.all([memoryCollector(), launchBrowser()])
    await send(sampleTrace().spans)
    for (const fault of sampleFaults()) await postJson(`${collector.url}/faults`, fault)
    const server = sampleTrace().spans[2]!
    const log = { traceId: TRACE_ID, spanId: server.spanId, service: 'order', severity: 'info', attributes: {} }
    await postJson(`${collector.url}/v1/logs`, otlpLogs([{ ...log, time: START + 12, body: 'incoming request' }]))
  })

  afterAll(async () => {
    await browser?.close()
    await collector?.stop()
  })

  beforeEach(async () => {
    complaints = []
    hosts = new Set()
    page = await browser.newPage()
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
  })

  afterEach(async () => {
    expect(complaints).toEqual([])
    expect([...hosts]).toEqual([new URL(collector.url).host])
    await page.close()
  })

  const send = (spans: Span[]) => postJson(`${collector.url}/v1/traces`, otlpTraces(spans))
  const open = (id = TRACE_ID) => page.goto(`${collector.url}/trace/${id}`)
  const chosen = () => page.locator('.row[aria-current]').getAttribute('aria-label')

  test('a row a span in the order of the tree, with service, duration and outcome', async () => {
    await open()
    expect(await page.title()).toBe('place order · 2.94 s · 9c1e07aa…')
    const names = await page.locator('.row').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))
    expect(names).toHaveLength(21)
    expect(names.slice(0, 4)).toEqual([
      'client, place order, 2.94 s',
      'client, POST /orders, attempt 1, 1.00 s, lost, failed',
      'order, POST /orders, 0.41 s, 201',
      'order, GET /items/burger, 0.03 s, 200',
    ])
  })

  test('bars and faults stand where their times are', async () => {
    await open()
    const [axis, root, second, band] = await Promise.all([
      box('.axis .track'),
      box('.row >> nth=0 >> .bar'),
      box('.row[aria-label^="client, POST /orders, attempt 2"] .bar'),
      box('.fault >> nth=1 >> .band'),
    ])
    expect(root.width / axis.width).toBeCloseTo(1, 2)
    expect((second.x - axis.x) / axis.width).toBeCloseTo(1_130 / 2_940, 2)
    expect((band.x - axis.x) / axis.width).toBeCloseTo(1_100 / 2_940, 2)
    expect(band.width / axis.width).toBeCloseTo(800 / 2_940, 2)
    expect(await page.locator('.fault').allInnerTexts()).toEqual([
      expect.stringContaining('reply lost, order → client'),
      expect.stringContaining('latency 700 ms'),
    ])
  })

  test('the failed span is chosen first; keys walk through the rows, the details follow', async () => {
    await open()
    expect(await chosen()).toContain('attempt 1')
    expect(await page.locator('.details:visible h2').textContent()).toBe('POST /orders, attempt 1')
    expect(await page.locator('.details:visible').textContent()).toContain('lost: other side closed')
    await page.locator('.row[aria-current]').focus()
    await page.keyboard.press('ArrowDown')
    expect(await chosen()).toBe('order, POST /orders, 0.41 s, 201')
    expect(await page.locator('.details:visible').textContent()).toContain('resilience.retry')
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(await chosen())
    await page.keyboard.press('End')
    expect(await chosen()).toContain('INSERT order_items')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowUp')
    expect(await chosen()).toBe('client, place order, 2.94 s')
    await page.locator('.row').nth(4).click()
    expect(await chosen()).toContain('menu, GET /items/burger')
    await page.reload()
    expect(await chosen()).toContain('menu, GET /items/burger')
  })

  test('only one row is a stop for the tab key', async () => {
    await open()
    expect(await page.locator('.row[tabindex="0"]').count()).toBe(1)
    expect(await page.locator('.row[tabindex="-1"]').count()).toBe(20)
  })

  test('logs and values are in tables', async () => {
    await open()
    expect(await page.locator('#logs + .scroll tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^12\s+order\s+info\s+incoming request/),
    ])
    expect(await page.locator('#values + .scroll tbody tr').count()).toBe(21)
  })

  test('markup in names stays text', async () => {
    const evil = '"><img src=x onerror=alert(1)><script>document.title="owned"</script>'
    const traceId = 'e'.repeat(32)
    const attributes = { [evil]: evil, 'db.system.name': evil }
    const event = { time: START, name: evil, attributes: { [evil]: evil } }
    const item = span({ at: 0, ms: 5, name: evil, service: evil, status: 'error', statusMessage: evil, attributes })
    await send([{ ...item, traceId, events: [event] }])
    await postJson(`${collector.url}/faults`, { ...sampleFaults()[0], id: evil.slice(0, 50), label: evil })
    const log = { traceId, time: START, service: evil, severity: 'info', body: evil, attributes: { [evil]: evil } }
    await postJson(`${collector.url}/v1/logs`, otlpLogs([log]))
    await open(traceId)
    expect(await page.title()).toContain('<img src=x')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('.details:visible h2').textContent()).toBe(evil)
    await page.goto(collector.url)
    expect(await page.locator('img').count()).toBe(0)
  })

  test('light and dark: text has a contrast of 4.5 to 1 at least', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await open()
      for (const selector of ['h1', '.quiet', '.facts .failed', '.row[aria-current] .outcome', '.axis text', 'dt', 'a'])
        expect(await contrast(selector), `${selector}, ${colorScheme}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('fits a narrow window without scrolling sideways', async () => {
    await page.setViewportSize({ width: 360, height: 700 })
    await open()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  })

  test('without scripts a row still leads to its details', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const quiet = await plain.newPage()
    await quiet.goto(`${collector.url}/trace/${TRACE_ID}`)
    expect(await quiet.locator('.details:visible').count()).toBe(0)
    await quiet.locator('.row').nth(2).click()
    expect(await quiet.locator('.details:visible h2').textContent()).toBe('POST /orders')
    await plain.close()
    await open()
  })

  test('the list leads to a trace', async () => {
    await page.goto(`${collector.url}/?slowest=1`)
    await page.getByRole('link', { name: 'place order' }).click()
    expect(await page.locator('h1').textContent()).toBe('place order')
  })

  async function box(selector: string): Promise<{ x: number; width: number }> {
    const found = await page.locator(selector).boundingBox()
    if (!found) throw new Error(`${selector} is not there`)
    return found
  }

  /** Of the first match's text against what is behind it, by the formula of WCAG 2. */
  async function contrast(selector: string): Promise<number> {
    const [text = [], ground = []] = await page.evaluate<number[][]>(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)})
      const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number)
      const inSvg = element.namespaceURI.endsWith('svg')
      const own = numbers(getComputedStyle(element)[inSvg ? 'fill' : 'color'])
      let ground = [0, 0, 0, 0]
      for (let behind = element; behind && ground[3] === 0; behind = behind.parentElement)
        ground = numbers(getComputedStyle(behind).backgroundColor)
      return [own.slice(0, 3), ground.slice(0, 3)]
    })()`)
    const [lighter, darker] = [luminance(text), luminance(ground)].sort((a, b) => b - a)
    return (lighter! + 0.05) / (darker! + 0.05)
  }
})

test('an unknown trace says so with 404, and looks again', async () => {
  const collector = await memoryCollector()
  const response = await fetch(`${collector.url}/trace/${'f'.repeat(32)}`)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await response.text()).toContain('Nothing of this trace has arrived yet')
  expect((await fetch(`${collector.url}/trace/not-an-id`)).status).toBe(400)
  await collector.stop()
})

function luminance(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
