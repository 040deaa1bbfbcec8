import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

export interface Ended {
  /** Exit code, or the name of the signal that killed it. */
  code: number | NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once the output matches; rejects with all of it when the command ends before. */
  printed(pattern: RegExp): Promise<void>
}

/** `pnpm workshop …` as a real process, without a terminal, with a restaurant of its own. */
export function workshopIn(home: string) {
  const start = (...args: string[]): RunningCommand => {
    const { FORCE_COLOR: _, ...env } = process.env
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...env, KITCHEN_HOME: home, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const texts = { stdout: '', stderr: '' }
    const waiting = new Set<() => void>()
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        texts[name] += chunk
        for (const look of waiting) look()
      })
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code, signal) => resolve({ code: signal ?? code, ...texts }))
    })
    return {
      child,
      ended,
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (!pattern.test(texts.stdout + texts.stderr)) return
            waiting.delete(look)
            resolve()
          }
          waiting.add(look)
          look()
          ended.then(({ stdout, stderr }) => reject(new Error(`never printed ${pattern}:\n${stdout}\n${stderr}`)))
        }),
    }
  }
  return { start, run: (...args: string[]) => start(...args).ended }
}

/** A folder for one restaurant, outside of the repository. */
export function temporaryHome(): { home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'kitchen-client-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export async function until(holds: () => boolean | Promise<boolean>, within = 30_000): Promise<void> {
  const giveUpAt = performance.now() + within
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${within} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
