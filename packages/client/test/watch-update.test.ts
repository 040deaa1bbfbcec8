import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTheme } from '../src/screen/theme.ts'
import type { WatchEvent } from '../src/watch/events.ts'
import { plainMistake } from '../src/watch/mistake.ts'
import { renderWatch } from '../src/watch/screen/render-watch.ts'
import { currentHint, isGreen, openState } from '../src/watch/state.ts'
import { after, judged, key, opened, verdictOf } from './support/watching.ts'

const DOUBLED = 'one order per key'

describe('before the first run', () => {
  test('the question is asked, and nothing runs until somebody says so', () => {
    const { state, effects } = after(openState(opened(), 7), { type: 'tick', at: 9_000 }, key('h'), key('y'))
    expect(state.phase.name).toBe('predicting')
    expect(effects).toEqual([])
  })

  test.each(['enter', 'r', 'space'])('%s runs it', (name) =>
    expect(after(openState(opened(), 7), key(name)).effects).toEqual([{ do: 'run', run: 1, seed: 7 }]),
  )

  test('who has run it before is not asked again', () => {
    const known = opened('06-idempotency', { progress: { runs: 3, hints: { [DOUBLED]: 2 } } })
    const { state, effects } = after(openState(opened(), 7), { type: 'opened', exercise: known, seed: 9 })
    expect(effects).toEqual([{ do: 'run', run: 1, seed: 9 }])
    expect(state.hintLevels).toEqual({ [DOUBLED]: 2 })
  })
})

describe('runs', () => {
  test('a save during a run starts the next one; what the cancelled one still says changes nothing', () => {
    const { state, effects } = after(
      openState(opened(), 7),
      ...([key('r'), { type: 'started', run: 1, at: 10 }, { type: 'saved' }] as WatchEvent[]),
    )
    expect(effects.map((effect) => 'run' in effect && effect.run)).toEqual([1, 2])
    const late: WatchEvent[] = [
      { type: 'serving', run: 1, at: 20 },
      { type: 'mistake', run: 1, mistake: plainMistake('late') },
      { type: 'verdict', run: 1, verdict: verdictOf(state.opened, []), line: undefined },
    ]
    expect(after(state, ...late).state).toEqual(state)
  })

  test('a new seed runs again with it', () => {
    const state = judged(opened(), [DOUBLED])
    expect(after(state, key('s')).effects).toEqual([{ do: 'new seed' }])
    expect(after(state, { type: 'seeded', seed: 99 }).effects).toEqual([{ do: 'run', run: 2, seed: 99 }])
  })
})

describe('going on', () => {
  test('nothing but n when it is green goes on', () => {
    const red = after(judged(opened(), [DOUBLED]), key('n'))
    expect(red.effects).toEqual([])
    expect(red.state.notice?.text).toContain('every check has passed')
    const green = judged(opened(), [])
    expect(isGreen(green)).toBe(true)
    expect(after(green, { type: 'tick', at: 1e9 }, key('enter'), key('space')).effects).toEqual([])
    expect(after(green, key('n')).effects).toEqual([{ do: 'open', id: '07-retry-storm' }])
  })

  test('steps that are passed already are left out, and those left behind come last', () => {
    const of = opened()
    const ladder = of.ladder.map((step) => ({ ...step, passed: step.id !== '03-retry' }))
    expect(after(judged({ ...of, ladder }, []), key('n')).effects).toEqual([{ do: 'open', id: '03-retry' }])
    const all = of.ladder.map((step) => ({ ...step, passed: true }))
    const done = after(judged({ ...of, ladder: all }, []), key('n'))
    expect(done.effects).toEqual([])
    expect(done.state.notice?.text).toContain('whole ladder')
  })
})

describe('hints', () => {
  test('the one that fits what failed first, a level further each time, and never past the last', () => {
    const state = judged(opened(), [DOUBLED, 'no order without items'])
    expect(currentHint(state)).toMatchObject({ invariant: DOUBLED, level: 0 })
    const { state: end, effects } = after(state, ...Array.from({ length: 5 }, () => key('h')))
    expect(effects).toEqual([1, 2, 3].map((level) => ({ do: 'keep hint', invariant: DOUBLED, level })))
    expect(currentHint(end)).toMatchObject({ level: 3 })
    expect(end.notice?.text).toContain('last hint')
  })

  test('another failure has its own', () => {
    const state = after(judged(opened(), [DOUBLED]), key('h')).state
    const verdict = verdictOf(state.opened, ['no order without items'])
    const next = after(state, { type: 'saved' }, { type: 'verdict', run: 2, verdict, line: 1 }).state
    expect(currentHint(next)).toMatchObject({ invariant: 'no order without items', level: 0 })
  })

  test('there is none while nothing has failed', () => {
    for (const state of [openState(opened(), 1), judged(opened(), [])])
      expect(after(state, key('h')).effects).toEqual([])
  })
})

test('what was said while it ran is over with the verdict', () => {
  const { state } = after(openState(opened(), 1), key('r'), key('h'))
  expect(state.notice?.text).toContain('after the run')
  const verdict = verdictOf(state.opened, [DOUBLED])
  expect(after(state, { type: 'verdict', run: 1, verdict, line: 1 }).state.notice).toBeUndefined()
})

test('a reset wants to be asked for twice in a row', () => {
  const state = judged(opened(), [DOUBLED])
  expect(after(state, key('x')).effects).toEqual([])
  expect(after(state, key('x'), key('y'), key('x')).effects).toEqual([])
  expect(after(state, key('x'), key('x')).effects).toEqual([{ do: 'reset' }])
})

test('what a reset kept is told although the file changed by it; other notices go', () => {
  const told = (stays: boolean) =>
    after(judged(opened(), []), { type: 'notice', text: 'Yours: here', stays }, { type: 'saved' }).state.notice?.text
  expect(told(true)).toBe('Yours: here')
  expect(told(false)).toBeUndefined()
})

describe('pages', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`)
  const page = (changes: boolean) => after(judged(opened(), []), { type: 'page', title: 'a', lines, changes }).state

  test('move within their bounds, and any other key closes them', () => {
    const moved = after(page(false), key('up'), key('down'), key('space')).state.page?.offset
    expect(moved).toBe(19)
    expect(after(page(false), key('end'), key('space')).state.page?.offset).toBe(32)
    expect(after(page(false), key('q')).state.page).toBeUndefined()
    expect(after(page(false), key('q')).effects).toEqual([])
  })

  test('from the own changes, d leads to the solution', () => {
    expect(after(page(true), key('d')).effects).toEqual([{ do: 'solution' }])
    expect(after(page(false), key('d')).effects).toEqual([])
  })

  test('the list opens another exercise, and not the one that is open', () => {
    const list = after(judged(opened(), []), key('l')).state
    expect(after(list, key('enter')).effects).toEqual([])
    expect(after(list, key('up'), key('enter')).effects).toEqual([{ do: 'open', id: '05-deadline' }])
    expect(after(list, ...Array.from({ length: 30 }, () => key('up')), key('enter')).effects).toEqual([
      { do: 'open', id: '01-baseline' },
    ])
  })
})

test('Ctrl-C interrupts from everywhere', () => {
  for (const state of [openState(opened(), 1), after(judged(opened(), []), key('l')).state])
    expect(after(state, key('ctrl-c')).effects).toEqual([{ do: 'interrupt' }])
})

test('whatever happens in whatever order: no run is started unasked, and every state has a screen of its size', () => {
  const of = opened()
  const some = fc.oneof(
    fc.constantFrom(...'qrsnhlxdto'.split(''), 'enter', 'up', 'down', 'space').map(key),
    fc.constant<WatchEvent>({ type: 'saved' }),
    fc.nat(3).map((run): WatchEvent => ({ type: 'started', run, at: 10 })),
    fc.nat(3).map((run): WatchEvent => ({ type: 'serving', run, at: 20 })),
    fc.nat(3).map((run): WatchEvent => ({ type: 'mistake', run, mistake: plainMistake('what', 'why', ['how']) })),
    fc
      .tuple(fc.nat(3), fc.subarray(of.exercise.battery.invariants.map(({ name }) => name)))
      .map(([run, failed]): WatchEvent => ({ type: 'verdict', run, verdict: verdictOf(of, failed), line: 4 })),
    fc.nat(9_000).map((at): WatchEvent => ({ type: 'tick', at })),
  )
  const theme = createTheme({ colour: false, ascii: false })
  const options = { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 150 }
  fc.assert(
    fc.property(fc.array(some, { maxLength: 25 }), (events) => {
      let state = openState(of, 1)
      for (const event of events) {
        const before = state
        const step = after(state, event)
        state = step.state
        const runs = step.effects.filter((effect) => effect.do === 'run')
        const asked = event.type === 'saved' || (event.type === 'key' && ['r', 'enter', 'space'].includes(event.key))
        expect(runs).toHaveLength(asked && state.run > before.run ? 1 : 0)
        if (step.effects.some((effect) => effect.do === 'open'))
          expect(isGreen(before) || before.page?.cursor !== undefined).toBe(true)
        expect(renderWatch(theme, state, 24).length).toBeLessThanOrEqual(23)
      }
    }),
    options,
  )
})
