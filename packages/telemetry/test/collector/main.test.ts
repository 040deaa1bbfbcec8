import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { fetchTrace, type Span } from '../../src/index.ts'
import { postJson } from '../support/collector.ts'
import { otlpTraces } from '../support/otlp-json.ts'
import { sampleTrace } from '../support/sample-trace.ts'

interface Running {
  child: ChildProcessByStdio<Writable, Readable, null>
  lines: string[]
  url: string
  exit: Promise<number | null>
}

const main = join(import.meta.dirname, '../../src/collector/main.ts')
const started: Omit<Running, 'url'>[] = []
const mounted: string[] = []

afterEach(async () => {
  const ended = started.splice(0)
  for (const { child } of ended) child.kill('SIGKILL')
  await Promise.all(ended.map(({ exit }) => exit))
  for (const folder of mounted.splice(0)) {
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  }
})

test('ends when its standard input ends, as its parent is gone then', async () => {
  const { child, url, exit } = await start({ KITCHEN: '1' })
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  child.stdin.end()
  expect(await exit).toBe(0)
})

test('without a kitchen it goes on after its standard input ended, and ends on SIGTERM', async () => {
  const { child, url, exit } = await start({})
  child.stdin.end()
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
})

test('a port that is taken is said in words', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void holder.close())
  await once(holder, 'listening')
  const address = holder.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  const { lines, exit } = run({ PORT: port })
  expect(await exit).toBe(1)
  const { fatal } = JSON.parse(lines.join(''))
  expect(fatal).toMatchObject({ code: 'PORT_TAKEN', message: `Port ${port} is taken.` })
})

const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && canMount()

test.skipIf(!mayMount)('a full disk: says so once, answers all the same, loses nothing', async () => {
  const folder = mountTiny()
  const { url, lines } = await start({ STORE: join(folder, 'traces.sqlite') })
  const sample = sampleTrace()
  for (let round = 0; round < 30; round++) {
    const response = await postJson(`${url}/v1/traces`, otlpTraces(heavy(sample.spans, round)))
    expect(response.status).toBe(200)
  }
  // The first went to the disk, and stays; the others are in memory.
  for (const round of [0, 15, 29]) expect((await fetchTrace(url, idOf(round)))?.spans).toHaveLength(sample.spans.length)
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'ok', store: 'memory' })
  expect((await fetch(`${url}/trace/${idOf(29)}`)).status).toBe(200)
  expect(lines.filter((line) => line.includes("can't be written"))).toHaveLength(1)
})

if (!mayMount) console.log('skipped: a full disk needs root on Linux, to mount one of 1 MB')

/** Each of 20 kB, so that a few fill the disk. */
function heavy(spans: Span[], round: number): Span[] {
  const padding = 'x'.repeat(20_000)
  return spans.map((item) => ({ ...item, traceId: idOf(round), attributes: { ...item.attributes, padding } }))
}

function idOf(round: number): string {
  return (round + 1).toString(16).padStart(32, '0')
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mountTiny(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-full-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  mounted.push(folder)
  return folder
}

function run(environment: Record<string, string>): Omit<Running, 'url'> {
  const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...environment }
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const lines: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)))
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  started.push({ child, lines, exit })
  return { child, lines, exit }
}

async function start(environment: Record<string, string>): Promise<Running> {
  const running = run(environment)
  while (running.lines.length === 0) await once(running.child.stdout, 'data')
  return { ...running, url: JSON.parse(running.lines[0]!).url }
}
