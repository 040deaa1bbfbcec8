import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isRunning, killTree, stillRuns } from '@chaos-kitchen/disruptor/processes'
import type { Home } from '../home.ts'
import { removeState } from '../state-file.ts'

/**
 * Ends what a killed host left, and nothing else: each pid must still be the process that was written down, told by
 * its start time. Only for the holder of the home's lock, so that no living restaurant can be meant.
 */
export async function reap(home: Home): Promise<void> {
  // Loaded only after a crash: the schema takes longer to load than the host to start.
  const state = existsSync(home.stateFile) ? await (await import('../read-state.ts')).readState(home) : undefined
  const pids: number[] = []
  for (const identity of Object.values(state?.children ?? {})) if (await stillRuns(identity)) pids.push(identity.pid)
  const postmaster = await leftPostmaster(home.data)
  if (postmaster !== undefined) pids.push(postmaster)
  const killed = pids.flatMap(killTree)
  const deadline = Date.now() + 3_000
  while (killed.some(isRunning) && Date.now() < deadline) await sleep(10)
  await rm(join(home.data, 'postmaster.pid'), { force: true })
  await removeState(home)
}

/** A server of this very data folder that was started too late to be written down. */
async function leftPostmaster(data: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  if (!(pid > 1) || !isRunning(pid)) return undefined
  return (await commandLine(pid)).includes(data) ? pid : undefined
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const [command, ...options] =
    process.platform === 'win32'
      ? [
          'powershell',
          '-NoProfile',
          '-Command',
          `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
        ]
      : ['ps', '-ww', '-o', 'command=', '-p', String(pid)]
  return promisify(execFile)(command ?? '', options).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
