import type { Context } from '../context.ts'
import { ChaosProxyError, missingField, proxyExists, proxyNotFound } from '../errors.ts'
import { Mutex } from './mutex.ts'
import { type ProxyChange, TcpProxy } from './tcp-proxy.ts'
import type { Toxic } from './toxic.ts'

/** What a proxy is made from. */
export interface ProxySpec {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  /** Not given: none for a new proxy, and those of one that stays are left alone. */
  readonly toxics?: readonly Toxic[] | undefined
}

/** What populating came to: as many proxies as were done before the first error. */
export interface Populated {
  readonly proxies: TcpProxy[]
  readonly error?: ChaosProxyError
}

/** The proxies of a server. Changes happen one after the other; none of them waits for a toxic. */
export class ProxyCollection {
  readonly #context: Context
  readonly #proxies = new Map<string, TcpProxy>()
  readonly #mutex = new Mutex()
  #disposed = false

  constructor(context: Context) {
    this.#context = context
  }

  list(): TcpProxy[] {
    return [...this.#proxies.values()]
  }

  /** @throws ChaosProxyError PROXY_NOT_FOUND */
  get(name: string): TcpProxy {
    const proxy = this.#proxies.get(name)
    if (proxy === undefined) throw proxyNotFound()
    return proxy
  }

  /** @throws ChaosProxyError MISSING_FIELD, PROXY_EXISTS, TOXIC_EXISTS or LISTEN_FAILED; the proxy doesn't exist then */
  create(spec: ProxySpec): Promise<TcpProxy> {
    checkFields(spec)
    return this.#mutex.run(async () => {
      this.#checkOpen()
      if (this.#proxies.has(spec.name)) throw proxyExists()
      return this.#start(spec)
    })
  }

  /** Creates or replaces proxies, in order. Those that have the same addresses already are left as they are. */
  populate(specs: readonly ProxySpec[]): Promise<Populated> {
    for (const [index, spec] of specs.entries()) checkFields(spec, ` at proxy ${index + 1}`)
    return this.#mutex.run(async () => {
      this.#checkOpen()
      const proxies: TcpProxy[] = []
      for (const spec of specs) {
        try {
          proxies.push(await this.#settle(spec))
        } catch (error) {
          if (error instanceof ChaosProxyError) return { proxies, error }
          throw error
        }
      }
      return { proxies }
    })
  }

  /** @throws ChaosProxyError PROXY_NOT_FOUND or LISTEN_FAILED */
  change(name: string, change: ProxyChange): Promise<TcpProxy> {
    return this.#mutex.run(async () => {
      const proxy = this.get(name)
      await proxy.change(change)
      return proxy
    })
  }

  /** @throws ChaosProxyError PROXY_NOT_FOUND */
  remove(name: string): Promise<void> {
    return this.#mutex.run(async () => {
      this.#forget(this.get(name))
    })
  }

  /** Removes this very proxy, unless it is gone or another one has taken its place. */
  discard(proxy: TcpProxy): Promise<void> {
    return this.#mutex.run(async () => {
      if (this.#proxies.get(proxy.name) === proxy) this.#forget(proxy)
    })
  }

  /**
   * Enables every proxy and removes every toxic.
   *
   * @throws ChaosProxyError RESET_INCOMPLETE that names the proxies that could not be enabled; the others are reset
   */
  reset(): Promise<void> {
    return this.#mutex.run(async () => {
      const failures: string[] = []
      for (const proxy of this.list()) {
        proxy.clear()
        await proxy.enable().catch((error: Error) => failures.push(`${proxy.name}: ${error.message}`))
      }
      if (failures.length > 0) throw new ChaosProxyError('RESET_INCOMPLETE', 500, failures.join('; '))
    })
  }

  /** Ends every proxy; none can be made afterwards. */
  dispose(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#disposed = true
      for (const proxy of this.list()) this.#forget(proxy)
    })
  }

  async #settle(spec: ProxySpec): Promise<TcpProxy> {
    const existing = this.#proxies.get(spec.name)
    if (existing === undefined) return this.#start(spec)
    if (await existing.differs(spec.listen, spec.upstream)) {
      existing.disable('proxy replaced')
      const proxy = await this.#start(spec)
      existing.dispose()
      return proxy
    }
    if (spec.toxics !== undefined) {
      existing.clear()
      for (const toxic of spec.toxics) existing.addToxic(toxic)
    }
    return existing
  }

  async #start(spec: ProxySpec): Promise<TcpProxy> {
    const proxy = new TcpProxy(spec.name, spec.listen, spec.upstream, this.#context)
    try {
      for (const toxic of spec.toxics ?? []) proxy.addToxic(toxic)
      if (spec.enabled) await proxy.enable()
    } catch (error) {
      proxy.dispose()
      throw error
    }
    this.#proxies.set(proxy.name, proxy)
    this.#context.events.emit({ type: 'proxy', proxy: proxy.name, change: 'created' })
    return proxy
  }

  #forget(proxy: TcpProxy): void {
    proxy.dispose()
    this.#proxies.delete(proxy.name)
    this.#context.events.emit({ type: 'proxy', proxy: proxy.name, change: 'deleted' })
  }

  #checkOpen(): void {
    if (this.#disposed) throw new ChaosProxyError('SERVER_CLOSED', 503, 'the server is closed')
  }
}

function checkFields({ name, upstream }: ProxySpec, where = ''): void {
  if (name === '') throw missingField(`name${where}`)
  if (upstream === '') throw missingField(`upstream${where}`)
}
