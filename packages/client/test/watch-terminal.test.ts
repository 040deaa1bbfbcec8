import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { hasTmux, openTerminal, type Terminal } from './support/tmux.ts'
import { isAlive, temporaryHome, until } from './support/workshop.ts'

/** The menu and the guided mode, driven by keys and by saving a file, as a person would. */
const folder = mkdtempSync(join(tmpdir(), 'kitchen-guided-'))
const { home, remove } = temporaryHome()
const workspace = join(folder, 'workshop')
let terminal: Terminal | undefined
afterAll(() => {
  terminal?.close()
  remove()
  rmSync(folder, { recursive: true, force: true })
})

function makeWorkspace(): void {
  for (const part of ['exercises', 'solutions', 'package.json'])
    cpSync(join(REPOSITORY, part), join(workspace, part), { recursive: true })
  symlinkSync(join(REPOSITORY, 'node_modules'), join(workspace, 'node_modules'))
}

function processesOf(): number[] {
  const { host, children } = JSON.parse(readFileSync(join(home, 'stage.json'), 'utf8'))
  return [host, ...Object.values<{ pid: number }>(children)].map(({ pid }) => pid)
}

test.skipIf(!hasTmux())(
  'a person chooses Learn, sees red, asks for a hint, slips, mends it, sees green, resets and quits',
  async () => {
    makeWorkspace()
    const file = join(workspace, 'exercises/01-baseline/place-order.ts')
    const shipped = readFileSync(file, 'utf8')
    const solution = readFileSync(join(workspace, 'solutions/01-baseline/place-order.ts'), 'utf8')
    const command = `'${process.execPath}' '${join(REPOSITORY, 'packages/client/src/main.ts')}' --port-base 0`
    terminal = openTerminal(folder, command, { KITCHEN_HOME: home, KITCHEN_WORKSPACE: workspace })

    await terminal.shows(/What would you like to do\?/)
    terminal.press('Enter')
    await terminal.shows(/Predict first/)
    const pids = processesOf()
    terminal.press('Enter')
    // Checks settle one after the other; this comes with the verdict.
    const red = await terminal.shows(/h tells a hint for/)
    expect(red).toMatch(/run 1/)
    // The second order alone takes longer than the screen needs to tell of the first.
    expect(terminal.drawn()).toMatch(/· every order placed +1 of 3 so far/)
    expect(red).toMatch(/✗ look-ups run at once/)
    expect(red).not.toMatch(/n next/)
    terminal.press('h')
    await terminal.shows(/hint 1 of 3, for "a mistake is told to the guest"/)
    terminal.press('n')
    await terminal.shows(/n goes on once every check has passed/)

    writeFileSync(file, `${shipped}const price: number = 'ten'\n`)
    await terminal.shows(/✗ Type 'string' is not assignable to type 'number'[\s\S]*place-order\.ts:\d+:\d+[\s\S]*\^/)
    writeFileSync(file, 'process.exit(3)\n')
    await terminal.shows(/✗ The order service ended by itself, with exit code 3/)

    writeFileSync(file, solution)
    const green = await terminal.shows(/All checks passed/)
    expect(green).toMatch(/n next/)
    expect(green).toMatch(/ 1 of \d+$/m)
    const progress = JSON.parse(readFileSync(join(home, 'progress.json'), 'utf8'))
    expect(progress.exercises['01-baseline']).toMatchObject({ passedAt: expect.any(String), runs: 2 })

    terminal.press('x')
    await terminal.shows(/x again/)
    terminal.press('x')
    await terminal.shows(/Yours is kept in/)
    expect(readFileSync(file, 'utf8')).toBe(shipped)

    terminal.press('q')
    await terminal.shows(/What would you like to do\?[^✓]*$/)
    terminal.press('C-c')
    await terminal.shows(/ended with 0/)
    await until(() => pids.every((pid) => !isAlive(pid)))
    expect(existsSync(join(home, 'stage.json'))).toBe(false)
  },
  400_000,
)
