import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A process that stays itself: pids are used again, so a pid alone must never be signalled later. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in the operating system's own words; undefined where that could not be learnt. */
  started?: string | undefined
}

/** @returns undefined when no such process runs (a zombie has ended). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!isRunning(pid)) return undefined
  const started = await STARTED[process.platform]?.(pid).catch(() => undefined)
  return { pid, started }
}

/** True when the very process of then still runs. Without a known start time nothing is claimed: false. */
export async function stillRuns(identity: ProcessIdentity): Promise<boolean> {
  if (identity.started === undefined) return false
  const now = await identifyProcess(identity.pid)
  return now?.started === identity.started
}

/** Whether a process of this pid runs, whoever it is. */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') return statOf(pid) !== undefined
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether somebody froze it (SIGSTOP, Ctrl-Z); a slow process is not frozen. False where that cannot be learnt. */
export async function isFrozen(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return statOf(pid)?.[0] === 'T'
  if (process.platform === 'win32') return false
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.startsWith('T')
}

const STARTED: Partial<Record<NodeJS.Platform, (pid: number) => Promise<string | undefined>>> = {
  async linux(pid) {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    const ticks = statOf(pid)?.[19]
    return ticks === undefined ? undefined : `${boot}/${ticks}`
  },
  async darwin(pid) {
    return (await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } })).stdout.trim()
  },
  async win32(pid) {
    const script = `(Get-Process -Id ${pid}).StartTime.Ticks`
    return (await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script])).stdout.trim()
  },
}

/** Fields of /proc/PID/stat from the state on (the name before it may hold spaces); undefined when it has ended. */
export function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields
  } catch {
    return undefined
  }
}
