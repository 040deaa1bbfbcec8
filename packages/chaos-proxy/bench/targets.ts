import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** A way to the upstream: a port, and the toxics on it. */
export interface Target {
  readonly name: string
  readonly port: number
  /** Sets the only toxic there is; none when not given. Not available on the direct way. */
  latency?(ms: number | undefined): Promise<void>
  /** Processor time used so far, in milliseconds; where the system tells it. */
  processorTime?(): number
}

export class Upstream {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(): Promise<Upstream> {
    const child = fork(join(import.meta.dirname, 'upstream.ts'))
    const [port] = await once(child, 'message')
    if (typeof port !== 'number') throw new Error('The upstream did not tell its port')
    return new Upstream(child, port)
  }

  [Symbol.dispose](): void {
    this.#child.kill()
  }
}

/** A proxy server as a process of its own, with one proxy before the upstream. */
export class ProxyProcess implements Target {
  readonly name: string
  readonly #child: ChildProcess
  readonly #url: string
  #port = 0
  #toxic = false

  private constructor(name: string, child: ChildProcess, url: string) {
    this.name = name
    this.#child = child
    this.#url = url
  }

  static async start(name: string, command: readonly string[], upstream: number): Promise<ProxyProcess> {
    const port = await freePort()
    const [program = '', ...rest] = command
    const env = { ...process.env, LOG_LEVEL: 'error' }
    const child = spawn(program, [...rest, '-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore', env })
    const target = new ProxyProcess(name, child, `http://127.0.0.1:${port}`)
    await target.#untilReady()
    const body = { name: 'bench', listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstream}` }
    const { listen } = await target.#call('POST', '/proxies', body)
    target.#port = Number(String(listen).split(':').at(-1))
    return target
  }

  get port(): number {
    return this.#port
  }

  async latency(ms: number | undefined): Promise<void> {
    if (this.#toxic) await this.#call('DELETE', '/proxies/bench/toxics/latency_downstream')
    if (this.#toxic) await this.#call('DELETE', '/proxies/bench/toxics/latency_upstream')
    this.#toxic = ms !== undefined
    if (ms === undefined) return
    for (const stream of ['upstream', 'downstream'])
      await this.#call('POST', '/proxies/bench/toxics', { type: 'latency', stream, attributes: { latency: ms } })
  }

  /** From Linux's /proc, in clock ticks of 10 ms. */
  processorTime(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(' ')
    return (Number(fields[13]) + Number(fields[14])) * 10
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }

  async #untilReady(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const answer = await fetch(`${this.#url}/version`).catch(() => undefined)
      if (answer?.ok) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${this.name} did not start`)
  }

  async #call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(this.#url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path} on ${this.name}: ${answer.status} ${await answer.text()}`)
    if (answer.status === 204) return {}
    const json: unknown = await answer.json()
    return typeof json === 'object' && json !== null ? { ...json } : {}
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
