import { randomInt } from 'node:crypto'
import { ApiServer } from './api/api-server.ts'
import { eventRoutes } from './api/routes/events.ts'
import { proxyRoutes } from './api/routes/proxies.ts'
import { serverRoutes } from './api/routes/server.ts'
import { toxicRoutes } from './api/routes/toxics.ts'
import { systemClock } from './clock.ts'
import type { Context } from './context.ts'
import { type EventListener, Events } from './events.ts'
import { ProxyHandle } from './face/proxy-handle.ts'
import { addressOf, type ProxyOptions } from './face/proxy-options.ts'
import { readProxies, readProxy } from './input/proxy.ts'
import { type Log, silent } from './log.ts'
import { Metrics } from './metrics.ts'
import { ProxyCollection } from './proxy/proxy-collection.ts'

export interface ChaosProxyOptions {
  /** Where the HTTP API listens. Default 127.0.0.1. */
  readonly host?: string
  /** Port of the HTTP API. Default 0: a free one. */
  readonly port?: number
  /** Makes toxicity, jitter and slices repeat. Default: a random one; `server.seed` tells it. */
  readonly seed?: number
  /** Whether there is a `/metrics`. Default false. */
  readonly proxyMetrics?: boolean
  /** How long an upstream may take to accept a connection, in milliseconds. Default 30 000. */
  readonly connectTimeout?: number
  /** How long a client of the API may take to send a request, in milliseconds. Default 15 000. */
  readonly requestTimeout?: number
  /** Told what an operator may want to know. Default: nobody. */
  readonly log?: Log
}

/**
 * Starts a server. Its HTTP API is Toxiproxy's.
 *
 * @throws the error of the operating system when the port can't be bound
 */
export async function startChaosProxy(options: ChaosProxyOptions = {}): Promise<ChaosProxyServer> {
  const context: Context = {
    seed: options.seed ?? randomInt(2 ** 31),
    clock: systemClock,
    log: options.log ?? silent,
    events: new Events(),
    metrics: new Metrics(),
    connectTimeout: options.connectTimeout ?? 30_000,
  }
  const proxies = new ProxyCollection(context)
  const routes = [
    ...serverRoutes(proxies, options.proxyMetrics ? context.metrics : undefined),
    ...proxyRoutes(proxies),
    ...toxicRoutes(proxies),
    ...eventRoutes(context.events),
  ]
  const host = options.host === undefined || options.host === 'localhost' ? '127.0.0.1' : options.host
  const { requestTimeout = 15_000, port = 0 } = options
  const api = await ApiServer.start(routes, { host, port, requestTimeout, log: context.log })
  return new ChaosProxyServer(api, host, proxies, context)
}

/** A server that runs. */
export class ChaosProxyServer {
  readonly host: string
  readonly port: number
  readonly seed: number
  readonly #api: ApiServer
  readonly #proxies: ProxyCollection
  readonly #context: Context

  /** @internal */
  constructor(api: ApiServer, host: string, proxies: ProxyCollection, context: Context) {
    this.#api = api
    this.#proxies = proxies
    this.#context = context
    this.host = host
    this.port = api.port
    this.seed = context.seed
  }

  /** Base of the HTTP API, without a slash at the end: what a Toxiproxy client is given. */
  get url(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  /** Calls `listener` with everything that happens from now on. @returns what ends that */
  onEvent(listener: EventListener): () => void {
    return this.#context.events.subscribe(listener)
  }

  /**
   * Puts a proxy before an upstream.
   *
   * @throws ChaosProxyError PROXY_EXISTS, LISTEN_FAILED, or the rule that a toxic breaks
   */
  async proxy({ name, toxics = [], ...options }: ProxyOptions): Promise<ProxyHandle> {
    const spec = { ...options, name: name ?? this.#freeName(), upstream: addressOf(options.upstream), toxics }
    return new ProxyHandle(this.#proxies, await this.#proxies.create(readProxy(spec, { withToxics: true })))
  }

  /** Enables every proxy and removes every toxic. @throws ChaosProxyError RESET_INCOMPLETE that names what failed */
  async reset(): Promise<void> {
    await this.#proxies.reset()
  }

  /**
   * Creates or replaces proxies, as `POST /populate` does.
   *
   * @param proxies an array of proxies in Toxiproxy's format
   * @throws ChaosProxyError for the first that can't be made; those before it stay
   */
  async populate(proxies: unknown, options: { readonly withToxics?: boolean } = {}): Promise<void> {
    const { error } = await this.#proxies.populate(readProxies(proxies, { withToxics: options.withToxics ?? false }))
    if (error !== undefined) throw error
  }

  /** Closes every connection, every proxy and the API. */
  async close(): Promise<void> {
    await this.#proxies.dispose()
    await this.#api.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #freeName(): string {
    const taken = new Set(this.#proxies.list().map(({ name }) => name))
    let number = taken.size + 1
    while (taken.has(`proxy-${number}`)) number++
    return `proxy-${number}`
  }
}
