import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { statOf } from './identity.ts'

/**
 * Pids of a process's descendants, parents first. PostgreSQL serves each connection by a process of its own, so
 * freezing or killing it means all of them.
 */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const [child, parent] of processTable()) children.set(parent, [...(children.get(parent) ?? []), child])
  const found: number[] = []
  const visit = (parent: number) => {
    for (const child of children.get(parent) ?? []) {
      found.push(child)
      visit(child)
    }
  }
  visit(pid)
  return found
}

/** Signals a process that may have ended meanwhile; true when it was there. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/**
 * Parent first, so that it cannot start more while its children freeze.
 * @returns the pids of its descendants
 */
export function pauseTree(pid: number): number[] {
  signal(pid, 'SIGSTOP')
  const children = descendantsOf(pid)
  for (const child of children) signal(child, 'SIGSTOP')
  return children
}

/** Children first, so that the parent finds them all awake. */
export function resumeTree(pid: number): void {
  for (const child of descendantsOf(pid).reverse()) signal(child, 'SIGCONT')
  signal(pid, 'SIGCONT')
}

/**
 * Parent first, frozen before it is killed, so that no child is born or orphaned unseen.
 * @returns the pids that were signalled
 */
export function killTree(pid: number): number[] {
  if (process.platform === 'win32') {
    try {
      execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' })
    } catch {
      // It had ended already; taskkill has no other way to say so.
    }
    return [pid]
  }
  if (!signal(pid, 'SIGSTOP')) return []
  const pids = [pid, ...descendantsOf(pid)]
  for (const each of pids) signal(each, 'SIGKILL')
  return pids
}

function processTable(): [pid: number, parent: number][] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name): [number, number][] => {
        const parent = statOf(Number(name))?.[1]
        return parent === undefined ? [] : [[Number(name), Number(parent)]]
      })
  }
  // Windows knows no stopped processes, and its taskkill finds the tree by itself.
  if (process.platform === 'win32') return []
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
      return [pid, parent]
    })
}
