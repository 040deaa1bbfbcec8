import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { programName } from './program-name.ts'

const run = promisify(execFile)

export interface PortHolder {
  name: string
  pid: number
}

/** Who listens on a TCP port of this machine; undefined where the operating system will not say (another user's). */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  try {
    return await HOLDER[process.platform]?.(port)
  } catch {
    // The name is a courtesy: without it the note is shorter, nothing more.
    return undefined
  }
}

const HOLDER: Partial<Record<NodeJS.Platform, (port: number) => Promise<PortHolder | undefined>>> = {
  async linux(port) {
    const socket = await listeningSocket(port)
    if (socket === undefined) return undefined
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
      for (const descriptor of descriptors) {
        const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
        if (target === `socket:[${socket}]`) return { name: await nameOf(pid), pid: Number(pid) }
      }
    }
    return undefined
  },
  async darwin(port) {
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
    const pid = /^p(\d+)/m.exec(stdout)?.[1]
    const name = /^c(.+)/m.exec(stdout)?.[1]
    return pid === undefined || name === undefined ? undefined : { name, pid: Number(pid) }
  },
  async win32(port) {
    const script = `$p = (Get-NetTCPConnection -State Listen -LocalPort ${port})[0].OwningProcess; "$p $((Get-Process -Id $p).ProcessName)"`
    const { stdout } = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script])
    const [pid, name] = stdout.trim().split(' ')
    return pid === undefined || name === undefined ? undefined : { name, pid: Number(pid) }
  },
}

async function nameOf(pid: string): Promise<string> {
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  return programName(args) ?? (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
}

/** Inode of the socket in state LISTEN (0A) on this port, of IPv4 or IPv6. */
async function listeningSocket(port: number): Promise<string | undefined> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)
    for (const row of rows) {
      const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/)
      if (state === '0A' && local.endsWith(wanted)) return inode
    }
  }
  return undefined
}
