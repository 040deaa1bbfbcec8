import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { exercises } from '../src/exercises/index.ts'
import { readHints } from '../src/learn/hints.ts'
import type { RunEvent } from '../src/run/events.ts'
import { createTheme } from '../src/screen/theme.ts'
import type { WatchEvent } from '../src/watch/events.ts'
import { plainMistake } from '../src/watch/mistake.ts'
import { renderWatch } from '../src/watch/screen/render-watch.ts'
import { openState, type WatchState } from '../src/watch/state.ts'
import { after, judged, key, opened } from './support/watching.ts'

const plain = createTheme({ colour: false, ascii: false })
const ascii = createTheme({ colour: false, ascii: true })
const show = (state: WatchState, rows?: number) => `\n${renderWatch(plain, state, rows).join('\n')}\n`

test('red: every check, why, the hint, the worst trace, the line', () => {
  const state = after(judged(opened(), ['one order per key']), key('h')).state
  expect(show(state)).toMatchInlineSnapshot(`
    "
     06 idempotency                                         seed 11 · run 1 · 3.2 s
     A retry must not cook the meal twice.

     ✓ every order placed                      2 orders           limit 1
     ✗ one order per key                       2 orders           limit 1
         It was cooked twice.
     ✓ the same key gets the first reply       2 orders           limit 1
     ✓ another body under that key is refused  2 orders           limit 1
     ✓ no order without items                  2 orders           limit 1
     ✓ amount and discount right               2 orders           limit 1

     hint 1 of 3, for "one order per key"
       nudge

     trace  http://127.0.0.1:3000/trace/00000000000000000000000000000002  order 2
     file   exercises/06-idempotency/place-order.ts:41

     ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 12
     h hint  d diff  t trace  s new seed  r run  l list  x reset  o open  q quit
    "
  `)
})

test('green: what was learnt, the solution, and n', () => {
  expect(show(judged(opened('02-timeout'), []))).toMatchInlineSnapshot(`
    "
     02 timeout                                             seed 11 · run 1 · 3.2 s
     Bound every remote call.

     ✓ every order placed                      2 orders           limit 1
     ✓ amount and discount right               2 orders           limit 1
     ✓ the guest gets an answer in time        2 orders           limit 1
     ✓ nothing runs on behind the guest        2 orders           limit 1
     ✓ what failed was not cooked              2 orders           limit 1

     All checks passed. A bound ends the waiting; a signal ends the work.

     trace  http://127.0.0.1:3000/trace/00000000000000000000000000000001  order 1
     file   exercises/02-timeout/place-order.ts:41
     why    solutions/02-timeout/README.md

     ██░░░░░░░░░░░░░░░░░░░░░░  1 of 12
     n next  d diff  t trace  s new seed  r run  l list  x reset  o open  q quit
    "
  `)
})

test('while it runs: what each check has measured so far, and what is decided', () => {
  const name = (index: number) => opened('02-timeout').exercise.battery.invariants[index]?.name ?? ''
  const event = (told: RunEvent): WatchEvent => ({ type: 'run', run: 1, event: told })
  const failed = {
    passed: false,
    measured: 1_520,
    limit: 1_500,
    unit: 'ms',
    shown: '1.52 s',
    shownLimit: 'limit 1.50 s',
  }
  const state = after(
    openState(opened('02-timeout'), 11),
    key('r'),
    { type: 'serving', run: 1, at: 0 },
    event({
      type: 'invariant',
      at: 900,
      early: true,
      result: { ...failed, name: name(0), passed: true, shown: '2 of 2' },
    }),
    event({ type: 'invariant', at: 1_520, early: true, result: { ...failed, name: name(2) } }),
    event({
      type: 'measured',
      at: 1_600,
      checks: {
        [name(1)]: { open: true, shown: '1 of 1' },
        [name(3)]: { open: true, shown: '0.00 s longer', shownLimit: 'limit 0.40 s' },
        [name(4)]: { open: true, shownLimit: 'limit 0' },
      },
    }),
  ).state
  expect(show(state)).toMatchInlineSnapshot(`
    "
     02 timeout                                                     seed 11 · run 1
     Bound every remote call.

     ✓ every order placed                      2 of 2             limit 1.50 s
     · amount and discount right               1 of 1 so far
     ✗ the guest gets an answer in time        1.52 s             limit 1.50 s
     · nothing runs on behind the guest        0.00 s longer      limit 0.40 s
     · what failed was not cooked              not yet            limit 0

     last
     now    0 of 3 orders


     ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 12
     h hint  d diff  t trace  s new seed  r run  l list  x reset  o open  q quit
    "
  `)
})

test('a mistake: what, where, the code with a caret', () => {
  const mistake = {
    what: "Type 'string' is not assignable to type 'number'.",
    meaning: 'The types do not fit: nothing was run.',
    remedy: ['1 more after this one.'],
    place: { file: 'exercises/06-idempotency/place-order.ts', line: 41, column: 9 },
    code: [
      { number: 40, text: '  // the price' },
      { number: 41, text: '  const amount: number = "ten"' },
    ],
  }
  const state = after(openState(opened(), 11), key('r'), { type: 'mistake', run: 1, mistake }).state
  expect(show(state)).toMatchInlineSnapshot(`
    "
     06 idempotency                                                 seed 11 · run 1
     A retry must not cook the meal twice.

     ✗ Type 'string' is not assignable to type 'number'.

     exercises/06-idempotency/place-order.ts:41:9
       40     // the price
       41 ›   const amount: number = "ten"
                    ^

     The types do not fit: nothing was run.
       1 more after this one.

     ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 12
     h hint  d diff  t trace  s new seed  r run  l list  x reset  o open  q quit
    "
  `)
})

test('the caret stands below its column, also where the line is cut', () => {
  const text = `${'x'.repeat(150)}WRONG${'y'.repeat(150)}`
  const place = { file: 'a.ts', line: 7, column: 151 }
  const mistake = { ...plainMistake('wrong'), place, code: [{ number: 7, text }] }
  const lines = renderWatch(plain, after(openState(opened(), 1), key('r'), { type: 'mistake', run: 1, mistake }).state)
  const caret = lines.findIndex((line) => line.trim() === '^')
  expect(lines[caret - 1]?.charAt(lines[caret]!.indexOf('^'))).toBe('W')
})

test('what is silent for long is told, but not while a fault is what is silent', () => {
  const serving = after(
    openState(opened(), 1),
    key('r'),
    { type: 'started', run: 1, at: 0 },
    { type: 'serving', run: 1, at: 500 },
    { type: 'run', run: 1, event: { type: 'order started', at: 100, order: 1, traceId: 'a'.repeat(32) } },
  ).state
  const later = (state: WatchState) => show(after(state, { type: 'tick', at: 6_000 }).state)
  expect(later(serving)).toContain('Order 1 has had no answer for 5.40 s')
  const fault = { id: 'f', kind: 'kill', target: 'order', from: { order: 1, after: 0 }, until: { ms: 300 } } as const
  const faulty = after(serving, { type: 'run', run: 1, event: { type: 'fault started', at: 200, fault } }).state
  expect(later(faulty)).not.toContain('no answer')
  const starting = after(openState(opened(), 1), key('r'), { type: 'started', run: 1, at: 0 }).state
  expect(later(starting)).toContain('The order service has not answered for 6.00 s')
})

/** The longest that a check says while it is open. */
function measuredOf(names: readonly string[]): WatchEvent {
  const open = { open: true, shown: '3 of 4 reads within 10.00 s', shownLimit: 'at least 10.00 s' } as const
  const checks = Object.fromEntries(names.map((name) => [name, open]))
  return { type: 'run', run: 1, event: { type: 'measured', at: 1, checks } }
}

describe('no exercise has a screen larger than its terminal, in any state', async () => {
  const long = 'A reason that goes on and on, with every word that a reason may need. '.repeat(4)
  for (const { id, battery } of exercises) {
    const hints = await readHints(join(REPOSITORY, 'exercises', id, 'hints.md'))
    const of = opened(id, { hints })
    const names = battery.invariants.map(({ name }) => name)
    const all = judged(of, names, long)
    const serving = after(openState(of, 1), key('r'), { type: 'serving', run: 1, at: 5 }).state
    const states: Record<string, WatchState> = {
      predicting: openState(of, 4_294_967_295),
      starting: after(openState(of, 1), key('r')).state,
      running: serving,
      measuring: after(serving, measuredOf(names)).state,
      silent: after(serving, { type: 'tick', at: 99_000 }).state,
      mistaken: after(serving, { type: 'mistake', run: 1, mistake: plainMistake(long, long, [long]) }).state,
      'all failed': all,
      'all hints told': after(all, key('h'), key('h'), key('h'), key('h')).state,
      'reset asked': after(all, key('x')).state,
      green: judged(of, []),
      list: after(all, key('l')).state,
    }
    test.each(Object.entries(states))(`${id} %s`, (_, state) => {
      for (const [width, rows] of [
        [80, 24],
        [60, 16],
        [200, 50],
      ] as const)
        for (const asciiOnly of [false, true]) {
          const lines = renderWatch(createTheme({ colour: false, ascii: asciiOnly, width }), state, rows)
          expect(lines.length).toBeLessThan(rows)
          // A link stays whole, so that it can be followed.
          for (const line of lines) if (!line.includes('http')) expect(line.length).toBeLessThanOrEqual(width)
          if (asciiOnly) expect(lines.join('')).toMatch(/^[ -~]*$/)
        }
      expect(renderWatch(plain, state, 24).at(-1)?.trim()).not.toBe('')
    })
  }
})

test('with --ascii signs are words', () => {
  const lines = renderWatch(ascii, judged(opened(), ['one order per key']))
  expect(lines.filter((line) => line.startsWith(' FAIL'))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith(' ok  ')).length).toBeGreaterThan(3)
})

test('what does not fit is said', () => {
  const mistake = plainMistake('x '.repeat(2_000))
  const state = after(openState(opened(), 1), key('r'), { type: 'mistake', run: 1, mistake }).state
  expect(show(state, 24)).toMatch(/… \d+ more lines: a taller window shows them/)
})
