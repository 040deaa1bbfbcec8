import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { isOpen } from './support/lab.ts'

const cli = join(import.meta.dirname, '../src/cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'chaos-proxy-'))
const children: ChildProcess[] = []

/** Processes are started, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 })

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

class Command {
  readonly child: ChildProcess
  out = ''
  err = ''
  readonly exit: Promise<number | null>

  constructor(flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [cli, ...flags], { env: { ...process.env, KITCHEN: '', ...env } })
    children.push(this.child)
    this.child.stdout?.on('data', (data) => {
      this.out += data
    })
    this.child.stderr?.on('data', (data) => {
      this.err += data
    })
    this.exit = once(this.child, 'close').then(([code]) => code)
  }

  /** The address of the API, once it listens. */
  async url(): Promise<string> {
    for (;;) {
      const url = /"url":"([^"]+)"/.exec(this.out)?.[1]
      if (url !== undefined) return url
      if (this.child.exitCode !== null) throw new Error(`It ended: ${this.err}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function config(content: string): string {
  const file = join(folder, `config-${Math.random()}.json`)
  writeFileSync(file, content)
  return file
}

test('the flags of the original, and a clean end by SIGTERM', async () => {
  const toxics = [{ type: 'latency', attributes: { latency: 3 } }]
  const file = config(JSON.stringify([{ name: 'menu', listen: '127.0.0.1:0', upstream: '127.0.0.1:1', toxics }]))
  const command = new Command(['-host', 'localhost', '-port=0', '--config', file, '-proxy-metrics', '-seed', '7'])
  const url = await command.url()
  expect(command.out).toContain('"seed":7')
  const { menu } = (await (await fetch(`${url}/proxies`)).json()) as { menu: { toxics: unknown[] } }
  expect(menu).toMatchObject({ name: 'menu', enabled: true, toxics: [] })
  expect((await fetch(`${url}/metrics`)).status).toBe(200)
  command.child.kill('SIGTERM')
  expect(await command.exit).toBe(0)
  expect(command.err).toBe('')
})

test('-with-toxics takes those of the file; SIGINT ends it cleanly with connections open', async () => {
  const toxics = [{ type: 'latency', attributes: { latency: 3 } }]
  const file = config(JSON.stringify([{ name: 'menu', listen: '127.0.0.1:0', upstream: '127.0.0.1:1', toxics }]))
  const command = new Command(['-port', '0', '-config', file, '-with-toxics'])
  const url = await command.url()
  expect(await (await fetch(`${url}/proxies/menu/toxics`)).json()).toMatchObject([{ name: 'latency_downstream' }])
  expect((await fetch(`${url}/metrics`)).status).toBe(404)
  const events = await fetch(`${url}/events`)
  command.child.kill('SIGINT')
  expect(await command.exit).toBe(0)
  await events.body?.cancel().catch(() => {})
})

test('started by the kitchen, it ends when its standard input does', async () => {
  const command = new Command(['-port', '0'], { KITCHEN: '1' })
  const url = await command.url()
  command.child.stdin?.end()
  expect(await command.exit).toBe(0)
  expect(await isOpen(Number(new URL(url).port))).toBe(false)
})

test('a port that is taken: one sentence and exit code 3', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  const port = typeof address === 'object' ? address?.port : 0
  const command = new Command(['-port', String(port)])
  expect(await command.exit).toBe(3)
  expect(command.err).toBe(
    `chaos-proxy: port ${port} of localhost is taken by another program: stop that one, or choose another with -port\n`,
  )
  holder.close()
})

test.each([
  [['-prot', '1'], '"-prot" is not a flag of chaos-proxy'],
  [['-port', 'x'], '-port must be a whole number from 0 to 65535, not "x"'],
  [['-port'], '-port needs a value'],
  [['-config', '/nowhere/at-all.json'], "the config file /nowhere/at-all.json can't be read (ENOENT)"],
])('%j is wrong usage: one sentence and exit code 2', async (flags, sentence) => {
  const command = new Command([...flags])
  expect(await command.exit).toBe(2)
  expect(command.err).toBe(`chaos-proxy: ${sentence}\n`)
})

test('a config file that is not JSON or breaks a rule names the file and the rule', async () => {
  const nonsense = new Command(['-port', '0', '-config', config('{nope')])
  expect(await nonsense.exit).toBe(2)
  expect(nonsense.err).toMatch(/^chaos-proxy: the config file \S+ is not JSON: [^\n]+\n$/)
  const nameless = new Command(['-port', '0', '-config', config('[{"upstream":"127.0.0.1:1"}]')])
  expect(await nameless.exit).toBe(2)
  expect(nameless.err).toMatch(/can't be used: missing required field: name at proxy 1\n$/)
})

test('-version and -help', async () => {
  const version = new Command(['-version'])
  expect(await version.exit).toBe(0)
  expect(version.out).toMatch(/^chaos-proxy, compatible with toxiproxy-server 2\./)
  const help = new Command(['-help'])
  expect(await help.exit).toBe(0)
  expect(help.out).toMatch(/-proxy-metrics/)
})
