import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { REPOSITORY } from '../src/cli/repository.ts'
import { hasTmux, openTerminal, type Terminal } from './support/tmux.ts'
import { isAlive, temporaryHome, until } from './support/workshop.ts'

/** The menu in a real terminal of 80 by 24: where it runs, a battery as it goes, its verdict, and the way out. */
const folder = mkdtempSync(join(tmpdir(), 'kitchen-menu-'))
const { home, remove } = temporaryHome()
let terminal: Terminal | undefined
afterAll(() => {
  terminal?.close()
  remove()
  rmSync(folder, { recursive: true, force: true })
})

const CHOICES = join(home, 'choices.json')
const MENU = /What would you like to do\?\n❯ Learn/

test.skipIf(!hasTmux())(
  'Docker is remembered and can be left, a battery is seen while it runs, and nothing runs afterwards',
  async () => {
    // As the menu of a day on which Docker still ran has left it. As the kitchen does, PostgreSQL is let through.
    writeFileSync(CHOICES, '{"docker":true}')
    chmodSync(home, 0o711)
    const command = `'${process.execPath}' '${join(REPOSITORY, 'packages/client/src/main.ts')}' --port-base 0`
    const environment = { KITCHEN_HOME: home, DOCKER_HOST: `unix://${join(folder, 'no.sock')}` }
    terminal = openTerminal(folder, command, environment)
    const { press, shows } = terminal

    expect(await shows(MENU)).toMatch(/Chaos Kitchen +Docker · /)
    press('Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Enter')
    await shows(/Where should the restaurant run\?[\s\S]*❯ Docker/)
    press('Up', 'Enter')
    expect(await shows(/Chaos Kitchen +this machine · [\s\S]*❯ Learn/)).not.toContain('No container engine')
    expect(JSON.parse(readFileSync(CHOICES, 'utf8'))).toEqual({ docker: false })

    await chooseBattery('single')
    const verdict = await shows(/✓ slowest order[\s\S]*❯ Learn/)
    expect(verdict).toMatch(/✓ one order per key +1 order/)
    expect(verdict).toMatch(/look {4}http:\/\/127\.0\.0\.1:\d+\/trace\/[0-9a-f]{32}\n/)
    expect(verdict).toMatch(/Chaos Kitchen +this machine · ready/)
    const { host, children } = JSON.parse(readFileSync(join(home, 'stage.json'), 'utf8'))
    const pids = [host, ...Object.values<{ pid: number }>(children)].map(({ pid }) => pid)

    await chooseBattery('half', '2')
    const running = await shows(/ half · seed 2 · starting service +\d:\d\d\n[\s\S]* of 3 orders/)
    expect(running.split('\n').every((line) => line.length <= 80)).toBe(true)
    const failed = await shows(/✗ loyalty told once of each[\s\S]*❯ Learn/)
    // The answer and the next action, on one screen with the menu, however long the evidence is.
    expect(failed).toMatch(
      /again {3}pnpm workshop battery half --seed 2\n[\s\S]*this machine · ready\n ✗ \d of \d checks failed +half · seed 2\n[\s\S]*❯ Learn/,
    )

    press('Up', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Enter')
    await shows(/ended with 0/)
    await until(() => pids.every((pid) => !isAlive(pid)))
    expect(existsSync(join(home, 'stage.json'))).toBe(false)
  },
  300_000,
)

/** On the starting service, which is the first that is offered. */
async function chooseBattery(name: 'single' | 'half', seed?: string): Promise<void> {
  const { press, shows } = terminal!
  press('Down', 'Enter')
  await shows(/Which battery\?\n❯ single/)
  press(...(name === 'half' ? ['Down'] : []), 'Enter')
  await shows(new RegExp(`Which battery\\? ${name}\n[\\s\\S]*❯ the starting one`))
  press('Enter')
  await shows(/Seed \(\d+\)/)
  if (seed !== undefined) press(seed)
  press('Enter')
}
