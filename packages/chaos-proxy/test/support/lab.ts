import { request } from 'node:http'
import { connect } from 'node:net'
import { type Proxy as RemoteProxy, Toxiproxy } from 'toxiproxy-node-client'
import { Upstream } from './upstream.ts'
import { Wire } from './wire.ts'

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly json: any
}

type Upstreamed = { readonly upstream: Upstream; readonly proxy: RemoteProxy; readonly port: number }

/** A server under test and what a check needs around it. Everything made by a check ends with it. */
export class Lab {
  readonly url: string
  readonly client: Toxiproxy
  readonly #cleanUp: (() => unknown)[] = []
  #names = 0

  constructor(url: string) {
    this.url = url
    this.client = new Toxiproxy(url)
  }

  /** Raw HTTP, for what the client can't say or would hide. */
  http(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname: host, port } = new URL(this.url)
      const call = request({ host, port, path, method, headers, agent: false }, async (response) => {
        response.setEncoding('utf8')
        let text = ''
        for await (const part of response) text += part
        const type = response.headers['content-type'] ?? ''
        const json = text.trimStart().startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined
        resolve({ status: response.statusCode ?? 0, type, text, json })
      })
      call.on('error', reject)
      call.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
    })
  }

  name(): string {
    return `check_${++this.#names}`
  }

  async upstream(onConnection?: (wire: Wire) => void): Promise<Upstream> {
    const upstream = await Upstream.start(onConnection)
    this.#cleanUp.push(() => upstream.close())
    return upstream
  }

  async echo(): Promise<Upstream> {
    const upstream = await Upstream.echo()
    this.#cleanUp.push(() => upstream.close())
    return upstream
  }

  /** A proxy before an upstream; an echo server unless one is given. */
  async proxy(upstream?: Upstream): Promise<Upstreamed> {
    const behind = upstream ?? (await this.echo())
    const proxy = await this.client.createProxy({
      name: this.name(),
      listen: 'localhost:0',
      upstream: behind.address,
    })
    return { upstream: behind, proxy, port: portOf(proxy.listen) }
  }

  /** A connection to a port, which is closed when the check is over. */
  async connect(port: number): Promise<Wire> {
    const wire = await Wire.connect(port)
    this.#cleanUp.push(() => wire.close())
    return wire
  }

  /** A port that something listens on. */
  async busyPort(): Promise<number> {
    return (await this.upstream()).port
  }

  async end(): Promise<void> {
    const { json } = await this.http('GET', '/proxies')
    for (const name of Object.keys(json)) await this.http('DELETE', `/proxies/${encodeURIComponent(name)}`)
    for (const clean of this.#cleanUp.splice(0).reverse()) await clean()
  }
}

export const portOf = (listen: string): number => Number(listen.slice(listen.lastIndexOf(':') + 1))

/** Whether a port takes connections. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Repeats `probe` until it holds. */
export async function eventually(probe: () => Promise<boolean> | boolean, limit = 20_000): Promise<void> {
  const deadline = performance.now() + limit
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`Not so within ${limit} ms: ${probe}`)
    await sleep(10)
  }
}
