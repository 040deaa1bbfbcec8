import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { eventually } from './lab.ts'

/** A server under test, and how it is ended. */
export interface Running {
  readonly url: string
  stop(): Promise<void>
}

/**
 * The original, where there is one: at TOXIPROXY_URL, or the program that TOXIPROXY_SERVER names, or `toxiproxy-server`
 * on the PATH. Undefined where there is none.
 */
export function realServer(): (() => Promise<Running>) | undefined {
  const url = process.env.TOXIPROXY_URL
  if (url) return async () => ({ url: url.replace(/\/$/, ''), stop: async () => {} })
  const program = process.env.TOXIPROXY_SERVER || onPath('toxiproxy-server')
  return program === undefined ? undefined : () => start(program)
}

async function start(program: string): Promise<Running> {
  const port = await freePort()
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port), '-proxy-metrics'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const url = `http://127.0.0.1:${port}`
  await eventually(() => answers(url))
  return { url, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const answers = (url: string) =>
  fetch(`${url}/version`).then(
    (response) => response.ok,
    () => false,
  )

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
