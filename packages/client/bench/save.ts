import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { REPOSITORY } from '../src/cli/repository.ts'
import { type Exercise, exercises } from '../src/exercises/index.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** What an attendee sees after a save, in the order in which it comes. */
export const SIGNS = ['run shown', 'first order', 'first check, so far', 'first check, settled', 'verdict'] as const
type Sign = (typeof SIGNS)[number]

export interface SaveTimings {
  readonly exercise: string
  /** Milliseconds from each save until a sign is on the screen. */
  readonly saves: readonly ReadonlyMap<Sign, number>[]
}

/**
 * Watches each exercise on a terminal, which `script` of util-linux provides, and saves its file so many times.
 *
 * @param home of a restaurant that runs
 */
export async function timeSaves(home: string, saves: number, ids = exercises.map(({ id }) => id)) {
  const workspace = join(home, 'workspace')
  mkdirSync(workspace)
  for (const part of ['exercises', 'solutions', 'package.json'])
    cpSync(join(REPOSITORY, part), join(workspace, part), { recursive: true })
  symlinkSync(join(REPOSITORY, 'node_modules'), join(workspace, 'node_modules'))
  const timings: SaveTimings[] = []
  for (const exercise of exercises.filter(({ id }) => ids.includes(id)))
    timings.push({ exercise: exercise.id, saves: await timeOne(exercise, { home, workspace, saves }) })
  return timings
}

async function timeOne(exercise: Exercise, world: { home: string; workspace: string; saves: number }) {
  const { home, workspace, saves } = world
  const child = spawn('script', ['-qec', `${process.execPath} ${MAIN} exercise ${exercise.id}`, '/dev/null'], {
    env: { ...process.env, KITCHEN_HOME: home, KITCHEN_WORKSPACE: workspace, NO_COLOR: '1', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let screen = ''
  let look = () => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += stripVTControlCharacters(chunk)
    look()
  })
  /** When each pattern was first seen since the screen was emptied. */
  async function seen<Name>(patterns: readonly (readonly [Name, RegExp])[]): Promise<Map<Name, number>> {
    const times = new Map<Name, number>()
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`exercise ${exercise.id} did not show all that was awaited, but\n${screen}`))
      child.once('close', fail)
      setTimeout(fail, AT_MOST).unref()
      look = () => {
        for (const [name, pattern] of patterns)
          if (!times.has(name) && pattern.test(screen)) times.set(name, performance.now())
        if (times.size === patterns.length) resolve()
      }
      look()
    })
    return times
  }
  try {
    await seen([['ready', /Predict first|restarts with your file/]])
    child.stdin.write('\r')
    await seen([['verdict', VERDICT]])
    const timings: Map<Sign, number>[] = []
    for (let save = 0; save < saves; save++) {
      await pause(THINKING)
      screen = ''
      const began = performance.now()
      appendFileSync(join(workspace, 'exercises', exercise.id, 'place-order.ts'), `// ${save}\n`)
      const times = await seen(patternsOf(exercise))
      timings.push(new Map([...times].map(([sign, at]) => [sign, at - began])))
    }
    return timings
  } finally {
    child.stdin.write('q')
    await ended
  }
}

/** A run and more. */
const AT_MOST = 90_000
/** Nobody saves right after a verdict. */
const THINKING = 2_500
const VERDICT = /run \d+ · \d+\.\d s/

function patternsOf({ battery }: Exercise): [Sign, RegExp][] {
  const names = battery.invariants.map(({ name }) => name.replace(/[^\w ]/g, '.')).join('|')
  return [
    ['run shown', /restarts with your file/],
    ['first order', /last +order \d+/],
    ['first check, so far', new RegExp(`[·✓✗] +(${names}) +(?!running|not yet)\\S`)],
    ['first check, settled', new RegExp(`[✓✗] +(${names}) `)],
    ['verdict', VERDICT],
  ]
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
