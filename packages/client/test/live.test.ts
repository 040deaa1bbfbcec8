import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { liveScreen } from '../src/screen/live.ts'

/** What a terminal shows: enough of one to follow lines that change in place. */
function terminal() {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 80,
    rows: 24,
  }) as unknown as NodeJS.WriteStream
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  return { stream, lines: () => replay(text), raw: () => text }
}

function replay(text: string): string[] {
  const lines = ['']
  let [row, column] = [0, 0]
  let wraps = true
  const control = String.fromCharCode(27)
  for (const [token] of text.matchAll(new RegExp(`${control}\\[\\??\\d*[A-Za-z]|[\\s\\S]`, 'g'))) {
    if (token === '\r') column = 0
    else if (token === '\n') {
      row++
      column = 0
      lines[row] ??= ''
    } else if (token.endsWith('A') && token.length > 1) row -= Number(token.slice(2, -1))
    else if (token === `${control}[2K`) lines[row] = ''
    else if (token === `${control}[?7l`) wraps = false
    else if (token === `${control}[?7h`) wraps = true
    else if (token.length === 1) {
      if (column === 80 && !wraps) continue
      if (column === 80) {
        row++
        column = 0
      }
      lines[row] = (lines[row] ?? '').slice(0, column).padEnd(column) + token + (lines[row] ?? '').slice(column + 1)
      column++
    }
  }
  return lines
}

test('lines change in place, fewer leave no rest, and the last ones stay', () => {
  const { stream, lines } = terminal()
  stream.write('before\n')
  const screen = liveScreen(stream, new AbortController().signal)
  screen.show(['one', 'two', 'three'])
  expect(lines()).toEqual(['before', 'one', 'two', 'three'])
  screen.show(['1', '2', '3'])
  expect(lines()).toEqual(['before', '1', '2', '3'])
  screen.show(['only'])
  expect(lines().map((line) => line.trimEnd())).toEqual(['before', 'only', '', ''])
  screen.show(['a', 'b'])
  screen.end()
  stream.write('after')
  expect(lines().slice(0, 4)).toEqual(['before', 'a', 'b', 'after'])
})

test('an interruption ends it: what is said then stands below, and the cursor is back', () => {
  const { stream, lines, raw } = terminal()
  const interruption = new AbortController()
  const screen = liveScreen(stream, interruption.signal)
  screen.show(['running'])
  interruption.abort()
  stream.write('Stopping\n')
  screen.show(['running on'])
  screen.end()
  expect(lines()).toEqual(['running', 'Stopping', ''])
  expect(raw().endsWith('Stopping\n')).toBe(true)
  expect(raw()).toContain('[?25h')
})

test('a line wider than the window is cut, takes no second row, and wrapping is given back', () => {
  const { stream, lines } = terminal()
  const screen = liveScreen(stream, new AbortController().signal)
  screen.show(['one', 'x'.repeat(200), 'three'])
  screen.show(['1', '2', '3'])
  expect(lines()).toEqual(['1', '2', '3'])
  screen.end()
  stream.write('y'.repeat(90))
  expect(lines().slice(3)).toEqual(['y'.repeat(80), 'y'.repeat(10)])
})
