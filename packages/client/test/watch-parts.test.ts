import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { openWorkspace } from '../src/learn/workspace.ts'
import { lineToLookAt } from '../src/watch/attempt.ts'
import { checkTypes, errorsIn } from '../src/watch/check-types.ts'
import { keysIn } from '../src/watch/keyboard.ts'
import { findEditor } from '../src/watch/open-editor.ts'
import { watchFile } from '../src/watch/watch-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'kitchen-watch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a watched file', () => {
  test('is told of once a save, however the editor saves, and not when nothing is new', async () => {
    const file = join(folder, 'watched.ts')
    writeFileSync(file, 'one')
    let changes = 0
    const watched = watchFile(file, () => changes++)
    const told = (count: number) => expect.poll(() => changes, { timeout: 20_000, interval: 50 }).toBe(count)
    writeFileSync(file, 'two')
    await told(1)
    writeFileSync(`${file}.new`, 'three')
    renameSync(`${file}.new`, file)
    await told(2)
    // Emptied and written, as some editors do.
    writeFileSync(file, '')
    writeFileSync(file, 'four')
    await told(3)
    writeFileSync(file, 'four')
    await sleep(600)
    expect(changes).toBe(3)
    rmSync(file)
    await told(4)
    watched.close()
    writeFileSync(file, 'five')
    await sleep(600)
    expect(changes).toBe(4)
  }, 60_000)
})

test('keys come by name, also several at once', () => {
  expect(keysIn('h\u001b[A\u001bOBN \r\u0003\u001b')).toEqual([
    'h',
    'up',
    'down',
    'n',
    'space',
    'enter',
    'ctrl-c',
    'escape',
  ])
})

describe('the editor', () => {
  test.each([
    [
      { VISUAL: 'code --wait', EDITOR: 'vim' },
      { command: 'code', args: ['--wait', '--goto', '/x.ts:7'], inTerminal: false },
    ],
    [{ EDITOR: '/usr/bin/vim' }, { command: '/usr/bin/vim', args: ['/x.ts'], inTerminal: true }],
    [{ EDITOR: 'subl' }, { command: 'subl', args: ['/x.ts'], inTerminal: false }],
  ])('%j', (environment, editor) => expect(findEditor('/x.ts', 7, { PATH: '', ...environment })).toEqual(editor))

  test('is unknown where none is named or installed', () =>
    expect(findEditor('/x.ts', 7, { PATH: folder })).toBeUndefined())

  test.skipIf(process.platform === 'win32')('is VS Code where that is installed', () => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'code'), '', { mode: 0o755 })
    expect(findEditor('/x.ts', undefined, { PATH: bin })).toMatchObject({ command: 'code', args: ['/x.ts'] })
  })
})

describe('types', () => {
  test('errors are read with their places', () => {
    const output =
      "a/b.ts(3,9): error TS2322: Type 'string'.\n  Because.\nc.ts(1,2): error TS1005: ';' expected.\nerror TS5083: x\n"
    expect(errorsIn(output)).toEqual([
      { file: 'a/b.ts', line: 3, column: 9, message: "Type 'string'.", syntax: false },
      { file: 'c.ts', line: 1, column: 2, message: "';' expected.", syntax: true },
    ])
  })

  test('of an exercise are checked as strictly as the repository, but what is not used yet may stay', async () => {
    const workspace = openWorkspace(join(folder, 'workshop'))
    const { mine } = workspace.filesOf('01-baseline')
    mkdirSync(join(mine, '..'), { recursive: true })
    symlinkSync(join(REPOSITORY, 'node_modules'), join(workspace.folder, 'node_modules'), 'junction')
    writeFileSync(join(workspace.folder, 'package.json'), '{"type":"module"}')
    const check = (text: string) => {
      writeFileSync(mine, text)
      const signal = AbortSignal.timeout(60_000)
      return checkTypes({ workspace, home: join(folder, 'home'), id: '01-baseline', signal })
    }
    const start = "import { defineOrderService } from '@chaos-kitchen/order-service'\n"
    expect(await check(`${start}const unused = 1\nexport default defineOrderService`)).toBeUndefined()
    expect(await check(`${start}\nexport default defineOrderService(() => ({ placeOrder: 3 }))`)).toMatchObject({
      what: expect.stringContaining('not assignable'),
      place: { file: 'exercises/01-baseline/place-order.ts', line: 3, column: 44 },
      code: [{ number: 1 }, { number: 2 }, { number: 3 }],
    })
    expect(await check('const = 3\n')).toMatchObject({ meaning: expect.stringContaining('no TypeScript') })
  }, 120_000)
})

test('the line to look at is the first TODO, else where orders are placed', async () => {
  const file = join(folder, 'look.ts')
  const at = (text: string) => {
    writeFileSync(file, text)
    return lineToLookAt(file)
  }
  expect(await at('a\nasync placeOrder(x) {\n// TODO: this\n// TODO: that\n')).toBe(3)
  expect(await at('a\n  async placeOrder(x) {\n')).toBe(2)
  expect(await at('nothing\n')).toBeUndefined()
})
