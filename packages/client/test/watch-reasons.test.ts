import { expect, test } from 'vitest'
import { createTheme } from '../src/screen/theme.ts'
import { renderWatch } from '../src/watch/screen/render-watch.ts'
import { judged, opened } from './support/watching.ts'

const plain = createTheme({ colour: false, ascii: false })
const WHY = 'Each of these sentences takes more than a single line of the screen, as most of those that are told do.'

test('as many reasons are told as there is room for, those of the first checks first', () => {
  const of = opened('06-idempotency')
  const names = of.exercise.battery.invariants.map(({ name }) => name)
  const state = judged(of, names, WHY)
  const toldIn = (rows: number) => {
    const lines = renderWatch(plain, state, rows)
    expect(lines.length).toBeLessThan(rows)
    return lines.flatMap((line, index) => (line.includes('Each of these') ? [lines[index - 1] ?? ''] : []))
  }
  for (const [rows, count] of [
    [24, 3],
    [26, 4],
    [40, 6],
  ] as const) {
    const told = toldIn(rows)
    expect(told, `${rows} rows`).toHaveLength(count)
    told.forEach((line, index) => {
      expect(line).toContain(names[index])
    })
  }
})
