import { readToxic } from '../input/toxic.ts'
import { parseAddress } from '../proxy/address.ts'
import type { ConnectionView } from '../proxy/connection.ts'
import type { ProxyCollection } from '../proxy/proxy-collection.ts'
import type { ProxyView, TcpProxy } from '../proxy/tcp-proxy.ts'
import { ToxicHandle } from './toxic-handle.ts'
import type { ToxicOptions, ToxicSpec } from './toxic-options.ts'

/** A proxy of a server in this process. With `await using`, it is closed at the end of the block. */
export class ProxyHandle {
  readonly #proxies: ProxyCollection
  readonly #proxy: TcpProxy

  /** @internal */
  constructor(proxies: ProxyCollection, proxy: TcpProxy) {
    this.#proxies = proxies
    this.#proxy = proxy
  }

  get name(): string {
    return this.#proxy.name
  }

  /** Where clients connect to, as `host:port`. */
  get listen(): string {
    return this.#proxy.listen
  }

  get host(): string {
    return parseAddress(this.listen).host
  }

  get port(): number {
    return parseAddress(this.listen).port
  }

  /** The proxy as the HTTP API shows it. */
  get view(): ProxyView {
    return this.#proxy.view()
  }

  /** The connections that are open now. */
  get connections(): ConnectionView[] {
    return this.#proxy.connections
  }

  /** Delays by `ms`, ± `jitter`. */
  latency(ms: number, { jitter = 0, ...options }: ToxicOptions & { readonly jitter?: number } = {}) {
    return this.add({ ...options, type: 'latency', attributes: { latency: ms, jitter } })
  }

  /** Lets each connection have so many kilobytes (1000 bytes) a second; 0 stops it. */
  bandwidth(rate: number, options: ToxicOptions = {}) {
    return this.add({ ...options, type: 'bandwidth', attributes: { rate } })
  }

  /** Delays the end of the stream by `ms`. */
  slowClose(ms: number, options: ToxicOptions = {}) {
    return this.add({ ...options, type: 'slow_close', attributes: { delay: ms } })
  }

  /** Drops all data, and ends the stream when none came for `ms`; never, when that is 0. */
  timeout(ms: number, options: ToxicOptions = {}) {
    return this.add({ ...options, type: 'timeout', attributes: { timeout: ms } })
  }

  /** Resets the connection `ms` after the first data. */
  resetPeer(ms = 0, options: ToxicOptions = {}) {
    return this.add({ ...options, type: 'reset_peer', attributes: { timeout: ms } })
  }

  /** Ends the stream after so many bytes. */
  limitData(bytes: number, options: ToxicOptions = {}) {
    return this.add({ ...options, type: 'limit_data', attributes: { bytes } })
  }

  /** Cuts data into slices of about `averageSize` bytes, `delay` microseconds apart. */
  slicer(averageSize: number, { sizeVariation = 0, delay = 0, ...options }: SlicerOptions = {}) {
    const attributes = { average_size: averageSize, size_variation: sizeVariation, delay }
    return this.add({ ...options, type: 'slicer', attributes })
  }

  /**
   * Adds a toxic of any type; open connections get it too.
   *
   * @throws ChaosProxyError TOXIC_EXISTS, or INVALID_TOXIC or BAD_REQUEST with the rule that is broken
   */
  async add<Spec extends ToxicSpec>(spec: Spec): Promise<ToxicHandle<Spec['type']>> {
    const toxic = readToxic(spec)
    this.#proxy.addToxic(toxic)
    return new ToxicHandle(this.#proxy, toxic)
  }

  /** Removes every toxic. */
  async clear(): Promise<void> {
    this.#proxy.clear()
  }

  /** Refuses new connections and closes those that are open, until `enable`. */
  async disable(): Promise<void> {
    await this.#proxies.change(this.name, { enabled: false })
  }

  /** Listens again, on the same port. */
  async enable(): Promise<void> {
    await this.#proxies.change(this.name, { enabled: true })
  }

  /** Closes its connections and ends it. Does nothing when that is done already. */
  async close(): Promise<void> {
    await this.#proxies.discard(this.#proxy)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** As in Toxiproxy, with the names of TypeScript. */
export interface SlicerOptions extends ToxicOptions {
  /** Bytes by which slices differ from the average; at most the average. Default 0. */
  readonly sizeVariation?: number
  /** Microseconds after each slice. Default 0. */
  readonly delay?: number
}
