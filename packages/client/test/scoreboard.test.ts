import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBoard } from '../src/scoreboard/board.ts'
import { nameKey, normalName } from '../src/scoreboard/name.ts'
import { scoreboardPage } from '../src/scoreboard/page.ts'
import { rateLimit } from '../src/scoreboard/rate-limit.ts'
import { passReporter, reportPass, scoreboardOf } from '../src/scoreboard/report-pass.ts'
import { type ScoreboardServer, serveScoreboard } from '../src/scoreboard/server.ts'
import { readPeople } from '../src/scoreboard/store.ts'
import { browserPath, launchBrowser } from './support/browser.ts'
import { temporaryHome, until, workshopIn } from './support/workshop.ts'

const SEED = Number(process.env.FC_SEED ?? 20261126)
const IDS = ['01-baseline', '02-timeout', '03-retry']

describe('names', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('a', ' ', '\u0301', '\u202e', '\u200d', '\n', '<', '&', 'é', '👩‍🍳', '\u0000'),
      maxLength: 80,
    }),
  )
  test('are one line, bounded, visible, and stay as they are when normalised again', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const name = normalName(text)
        if (name === undefined) return
        expect(normalName(name)).toBe(name)
        expect(name).not.toMatch(/[\p{C}\n\r]|^\s|\s$|\s{2}/u)
        expect(name).not.toMatch(/\p{M}{5}/u)
        expect([...new Intl.Segmenter().segment(name)].length).toBeLessThanOrEqual(32)
        expect(name.length).toBeLessThan(1_000)
      }),
      { seed: SEED, numRuns: 2_000 },
    )
  })
  test.each([
    ['  Ada\n Lovelace ', 'Ada Lovelace'],
    ['\u202eadA', 'adA'],
    ['e\u0301', 'é'],
    ['Z\u0335\u0336\u0337\u0338\u0334\u0335go', 'Z\u0335\u0336\u0337\u0338go'],
    ['x'.repeat(100), 'x'.repeat(32)],
  ])('%j is %j', (text, name) => expect(normalName(text)).toBe(name.normalize('NFC')))
  test.each(['', '   ', '\u200b', '\u0000\u0001', '\u202e'])('%j is none', (text) =>
    expect(normalName(text)).toBeUndefined(),
  )
  test('that people would take for the same are the same', () => expect(nameKey('ＡDA')).toBe(nameKey('ada')))
  test('are text on the page, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '/', 'script', 'x', '=') }), (text) => {
        const board = createBoard(IDS)
        if (!board.record(text, '01-baseline', 0).accepted) return
        const page = scoreboardPage(board.people(), IDS)
        const [, shown = ''] = /<bdi>([\s\S]*?)<\/bdi>/.exec(page) ?? []
        expect(shown).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
      }),
      { seed: SEED, numRuns: 300 },
    )
  })
})

describe('the board', () => {
  test('keeps the first pass of each, as a model of it does', () => {
    const pass = fc.tuple(fc.constantFrom('Ada', 'ada', 'Ben', '\u200b'), fc.constantFrom(...IDS, '99-nowhere'))
    fc.assert(
      fc.property(fc.array(pass, { maxLength: 40 }), (passes) => {
        const board = createBoard(IDS)
        const model = new Map<string, Map<string, number>>()
        passes.forEach(([name, exercise], at) => {
          const recorded = board.record(name, exercise, at)
          const valid = name !== '\u200b' && IDS.includes(exercise)
          expect(recorded.accepted).toBe(valid)
          if (!valid) return
          const mine = model.get(name.toLowerCase()) ?? new Map<string, number>()
          model.set(name.toLowerCase(), mine)
          if (!mine.has(exercise)) mine.set(exercise, at)
        })
        const people = board.people()
        expect(people).toHaveLength(model.size)
        for (const { name, passed } of people)
          expect(passed).toEqual(Object.fromEntries(model.get(name.toLowerCase())!))
        const counts = people.map(({ passed }) => Object.keys(passed).length)
        expect(counts).toEqual(counts.toSorted((a, b) => b - a))
        expect(createBoard(IDS, people).people()).toEqual(people)
      }),
      { seed: SEED, numRuns: 200 },
    )
  })
  test('is full at two hundred people; those who are on it go on', () => {
    const board = createBoard(IDS)
    for (let index = 0; index < 200; index++)
      expect(board.record(`guest ${index}`, IDS[0]!, index)).toMatchObject({ accepted: true })
    expect(board.record('one more', IDS[0]!, 0)).toMatchObject({ accepted: false })
    expect(board.record('guest 7', IDS[1]!, 0)).toMatchObject({ accepted: true, news: true })
  })
})

test('whoever hurries is slowed down, others are not, and addresses are forgotten', () => {
  let now = 0
  const limit = rateLimit({ burst: 2, perSecond: 1, addresses: 3, now: () => now })
  expect([limit.allows('a'), limit.allows('a'), limit.allows('a'), limit.allows('b')]).toEqual([
    true,
    true,
    false,
    true,
  ])
  now = 1_000
  expect([limit.allows('a'), limit.allows('a')]).toEqual([true, false])
  for (const other of ['c', 'd', 'e']) limit.allows(other)
  expect(limit.allows('a')).toBe(true)
})

describe('what a person says of a scoreboard', () => {
  test('both or neither', () => {
    expect(scoreboardOf({})).toBeUndefined()
    expect(scoreboardOf({ scoreboard: 'http://127.0.0.1:4000', name: ' Ada ' })).toEqual({
      url: 'http://127.0.0.1:4000/',
      name: 'Ada',
    })
    for (const wrong of [
      { name: 'Ada' },
      { scoreboard: 'nowhere', name: 'Ada' },
      { scoreboard: 'ftp://x', name: 'Ada' },
    ])
      expect(() => scoreboardOf(wrong)).toThrow()
    expect(() => scoreboardOf({ scoreboard: 'http://x', name: '\u200b' })).toThrow('can be shown')
  })
})

describe('the server', () => {
  let server: ScoreboardServer
  let url: string
  let board: ReturnType<typeof createBoard>
  beforeEach(async () => {
    board = createBoard(IDS)
    server = await serveScoreboard({ board, exercises: IDS, host: '127.0.0.1', port: 0, changed: () => {} })
    url = `http://127.0.0.1:${server.port}/`
  })
  afterEach(() => server.close())
  const post = (body: string, type = 'application/json') =>
    fetch(`${url}passes`, { method: 'POST', body, headers: { 'content-type': type } })

  test('takes a pass, once', async () => {
    expect(await reportPass({ url, name: 'Ada', exercise: IDS[0]! })).toBeUndefined()
    expect(await reportPass({ url, name: 'ADA', exercise: IDS[0]! })).toBeUndefined()
    expect(board.people()).toMatchObject([{ name: 'Ada', passed: { '01-baseline': expect.any(Number) } }])
  })
  test('says what is wrong, and keeps nothing of it', async () => {
    expect(await reportPass({ url, name: 'Ada', exercise: '99-nowhere' })).toContain('no such exercise')
    expect((await post('{')).status).toBe(400)
    expect((await post('{"name":7,"exercise":"01-baseline"}')).status).toBe(400)
    expect((await post(JSON.stringify({ name: 'x'.repeat(2_000), exercise: IDS[0] }))).status).toBe(400)
    expect((await post('{"name":"Ada","exercise":"01-baseline"}', 'text/plain')).status).toBe(415)
    expect((await fetch(`${url}etc/passwd`)).status).toBe(404)
    expect(board.people()).toEqual([])
  })
  test('slows down whoever sends too many', async () => {
    const pass = JSON.stringify({ name: 'Ada', exercise: IDS[0] })
    const statuses = []
    for (let index = 0; index < 30; index++) statuses.push((await post(pass)).status)
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(204))
    expect(statuses).toContain(429)
  })
  test('a half request hurts nobody, and closing does not wait for watchers', async () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('POST /passes HTTP/1.1\r\nHost: x\r\n'))
    socket.on('error', () => {})
    const watcher = await fetch(`${url}events`)
    expect(watcher.headers.get('content-type')).toBe('text/event-stream')
    await server.close()
    await watcher.text().catch(() => {})
    expect(await reportPass({ url, name: 'Ada', exercise: IDS[0]! })).toContain('does not answer')
    server = await serveScoreboard({ board, exercises: IDS, host: '127.0.0.1', port: 0, changed: () => {} })
  })
  test('what a board that was away has missed is told with the next pass, what it refused is not', async () => {
    const tell = passReporter({ url, name: 'Ada' })
    const { port } = server
    await server.close()
    expect(await tell(IDS[0]!)).toContain('does not answer')
    server = await serveScoreboard({ board, exercises: IDS, host: '127.0.0.1', port, changed: () => {} })
    expect(await tell(IDS[1]!)).toBeUndefined()
    expect(Object.keys(board.people()[0]!.passed)).toEqual([IDS[0], IDS[1]])
    expect(await tell('99-nowhere')).toContain('no such exercise')
    expect(await tell(IDS[2]!)).toBeUndefined()
  })
})

test('as a command it keeps who passed what, and begins anew when asked', { timeout: 90_000 }, async () => {
  const { home, remove } = temporaryHome()
  const workshop = workshopIn(home)
  const file = join(home, 'scoreboard.json')
  const open = async (...options: string[]) => {
    const command = workshop.start('scoreboard', '--port', '0', ...options)
    let url = ''
    command.child.stdout?.on('data', (chunk: string) => {
      url ||= /http:\/\/127\.0\.0\.1:\d+/.exec(chunk)?.[0] ?? ''
    })
    await command.printed(/Only this machine can see it/)
    await until(() => url !== '')
    const close = async () => {
      command.child.kill('SIGINT')
      expect((await command.ended).code).toBe(0)
    }
    return { url, close, printed: command.printed }
  }
  const first = await open()
  expect(await reportPass({ url: first.url, name: 'Ada', exercise: '01-baseline' })).toBeUndefined()
  await first.printed(/Ada passed 01-baseline/)
  await first.close()
  expect(await readPeople(file)).toMatchObject([{ name: 'Ada' }])
  const second = await open()
  expect(await (await fetch(second.url)).text()).toContain('<bdi>Ada</bdi>')
  await second.close()
  const third = await open('--fresh')
  expect(await (await fetch(third.url)).text()).toContain('Nobody yet')
  await third.close()
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').not.toContain('Ada')
  remove()
})

if (browserPath === undefined) console.log('skipped: the scoreboard in a browser, as no chromium is on this machine')

describe.skipIf(browserPath === undefined)('in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 90_000)
  afterAll(() => browser?.close())

  test('the page follows as people pass, and shows any name as text', { timeout: 60_000 }, async () => {
    const board = createBoard(IDS)
    const server = await serveScoreboard({ board, exercises: IDS, host: '127.0.0.1', port: 0, changed: () => {} })
    const url = `http://127.0.0.1:${server.port}/`
    try {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(url)
      await page.getByText('Nobody yet').waitFor()
      await page.getByText('live', { exact: true }).waitFor()
      await reportPass({ url, name: '<img src=x onerror=alert(1)>', exercise: IDS[1]! })
      const row = page.getByRole('row', { name: /<img src=x/ })
      await row.waitFor()
      expect(await row.textContent()).toContain('1 of 3')
      expect(await page.getByRole('cell', { name: '02-timeout passed' }).count()).toBe(1)
      expect(await page.getByRole('cell', { name: '01-baseline not yet' }).count()).toBe(1)
      expect(await page.getByRole('status').textContent()).toBe('<img src=x onerror=alert(1)> passed 02-timeout')
      expect(await page.locator('img').count()).toBe(0)
      expect(complaints).toEqual([])
      await page.close()
    } finally {
      await server.close()
    }
  })

  test('the page says that the board is away, and follows again once it is back', { timeout: 60_000 }, async () => {
    const options = { board: createBoard(IDS), exercises: IDS, host: '127.0.0.1', changed: () => {} }
    let server = await serveScoreboard({ ...options, port: 0 })
    const { port } = server
    const page = await browser.newPage({ viewport: { width: 390, height: 700 } })
    try {
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.getByText('live', { exact: true }).waitFor()
      await server.close()
      await page.getByText('not connected; trying again').waitFor()
      server = await serveScoreboard({ ...options, port })
      for (const exercise of IDS) options.board.record('Ada', exercise, Date.now())
      await page.getByText('live', { exact: true }).waitFor()
      await page.getByRole('row', { name: /Ada 3 of 3/ }).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    } finally {
      await page.close()
      await server.close()
    }
  })
})
