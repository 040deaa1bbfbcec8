import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export interface RunningService {
  url: string
  child: ChildProcessByStdio<null, Readable, Readable>
  /** What it printed, a line each. */
  stdout: string[]
  stderr: string[]
  exit: Promise<number | null>
}

const fixture = join(import.meta.dirname, '../fixtures/service.ts')

export interface ServiceOptions {
  environment?: Record<string, string>
  /** What `--import` is given; default the package's name. */
  register?: string
}

/** Starts the fixture service under `--import …/register`, as the kitchen starts its own. */
export async function startService({ environment, register }: ServiceOptions = {}): Promise<RunningService> {
  const child = spawn(process.execPath, ['--import', register ?? '@chaos-kitchen/telemetry/register', fixture], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  })
  const service = { child, stdout: linesOf(child.stdout), stderr: linesOf(child.stderr) }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  for (;;) {
    const ready = service.stdout.find((line) => line.startsWith('{"url"'))
    if (ready !== undefined) return { ...service, exit, url: JSON.parse(ready).url }
    const ended = await Promise.race([exit.then(() => true), once(child.stdout, 'data').then(() => false)])
    if (ended) throw new Error(`the service ended at its start: ${service.stderr.join('\n')}`)
  }
}

function linesOf(stream: Readable): string[] {
  const lines: string[] = []
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  return lines
}
