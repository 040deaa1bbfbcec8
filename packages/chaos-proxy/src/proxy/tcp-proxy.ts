import type { Socket } from 'node:net'
import type { Context } from '../context.ts'
import { ChaosProxyError, toxicNotFound } from '../errors.ts'
import { DIRECTIONS } from '../stream/direction.ts'
import { type Address, formatAddress, parseAddress, resolveListen } from './address.ts'
import { Connection, type ConnectionView } from './connection.ts'
import { Listener } from './listener.ts'
import type { Toxic, ToxicView } from './toxic.ts'
import { ToxicCollection } from './toxic-collection.ts'

/** A proxy as the API shows it. */
export interface ProxyView {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly toxics: ToxicView[]
}

/** What can be changed of a proxy. */
export type ProxyChange = Partial<Pick<ProxyView, 'listen' | 'upstream' | 'enabled'>>

/** A listener, the connections that it accepted, and the toxics that they are under. */
export class TcpProxy {
  readonly name: string
  readonly toxics: ToxicCollection
  readonly #context: Context
  readonly #connections = new Set<Connection>()
  #listen: string
  #upstream: string
  #listener: Listener | undefined
  #accepted = 0

  constructor(name: string, listen: string, upstream: string, context: Context) {
    this.name = name
    this.#listen = listen
    this.#upstream = upstream
    this.#context = context
    this.toxics = new ToxicCollection(context.clock, (toxic) => this.removeToxic(toxic, 'expired'))
  }

  /** Where it listens: the real address while it is enabled, else as it was given. */
  get listen(): string {
    return this.#listen
  }

  get upstream(): string {
    return this.#upstream
  }

  get enabled(): boolean {
    return this.#listener !== undefined
  }

  get connections(): ConnectionView[] {
    return [...this.#connections].map((connection) => connection.view())
  }

  get openConnections(): number {
    return this.#connections.size
  }

  /** Does nothing when it is enabled. @throws ChaosProxyError LISTEN_FAILED */
  async enable(): Promise<void> {
    if (this.#listener !== undefined) return
    const address = await resolve(this.#listen, 'listen tcp: ')
    this.#listener = await Listener.open(
      address,
      (socket) => this.#accept(socket),
      (error) => this.#warn('A connection could not be accepted', error),
    )
    this.#listen = this.#listener.address
    this.#tell('enabled')
  }

  /** Frees the port and closes every connection at once; what is held is lost. */
  disable(reason = 'proxy disabled'): void {
    if (this.#listener === undefined) return
    this.#listener.close()
    this.#listener = undefined
    for (const connection of this.#connections) connection.destroy(reason)
    this.#tell('disabled')
  }

  /** Ends it for good. */
  dispose(): void {
    this.disable('proxy deleted')
    this.toxics.dispose()
  }

  /**
   * Another listen address or upstream closes all connections and starts it anew; when that fails, it stays disabled
   * with the new addresses.
   *
   * @throws ChaosProxyError LISTEN_FAILED; with nothing changed when the address can't be understood
   */
  async change({ listen = this.#listen, upstream = this.#upstream, enabled = this.enabled }: ProxyChange) {
    if (await this.differs(listen, upstream)) {
      this.disable('proxy changed')
      this.#listen = listen
      this.#upstream = upstream
    }
    if (enabled) await this.enable()
    else this.disable()
  }

  /** @throws ChaosProxyError LISTEN_FAILED when the address can't be understood */
  async differs(listen: string, upstream: string): Promise<boolean> {
    const resolved = formatAddress(await resolve(listen))
    return resolved !== this.#listen || upstream !== this.#upstream
  }

  /** Applies to open connections too. @throws ChaosProxyError TOXIC_EXISTS */
  addToxic(toxic: Toxic): void {
    this.toxics.add(toxic)
    toxic.addedAfter(this.#accepted)
    for (const connection of this.#connections) connection.add(toxic)
    this.#tellToxic(toxic, 'added')
  }

  /** To be called after the toxic's attributes or scope changed. @throws ChaosProxyError TOXIC_NOT_FOUND if removed */
  changedToxic(toxic: Toxic): void {
    if (!this.toxics.has(toxic)) throw toxicNotFound()
    const after = this.toxics.after(toxic)
    for (const connection of this.#connections) connection.change(toxic, after)
    this.toxics.restartExpiry(toxic)
    this.#tellToxic(toxic, 'changed')
  }

  removeToxic(toxic: Toxic, change: 'removed' | 'expired' = 'removed'): void {
    if (!this.toxics.has(toxic)) return
    this.toxics.remove(toxic)
    for (const connection of this.#connections) connection.remove(toxic)
    this.#tellToxic(toxic, change)
  }

  /** Removes every toxic. */
  clear(): void {
    for (const toxic of this.toxics.list()) this.removeToxic(toxic)
  }

  view(): ProxyView {
    return {
      name: this.name,
      listen: this.#listen,
      upstream: this.#upstream,
      enabled: this.enabled,
      toxics: this.toxics.list().map((toxic) => toxic.view()),
    }
  }

  #accept(socket: Socket): void {
    const { listen, upstream } = this
    let address: Address
    try {
      address = parseAddress(upstream)
    } catch (error) {
      this.#warn('The upstream is not an address', error)
      socket.destroy()
      return
    }
    const connection = new Connection(++this.#accepted, this.name, socket, address, this.#context)
    this.#connections.add(connection)
    connection.open(
      () => {
        connection.begin(this.toxics.list())
        const { id, client, toxics } = connection.view()
        this.#context.events.emit({ type: 'connection', proxy: this.name, connection: id, client, toxics })
      },
      () => {
        this.#connections.delete(connection)
        this.#closed(connection, listen, upstream)
      },
    )
  }

  #closed(connection: Connection, listener: string, upstream: string): void {
    const { id, reason, age, received, sent } = connection
    for (const direction of DIRECTIONS) {
      const labels = { direction, proxy: this.name, listener, upstream }
      this.#context.metrics.streamEnded(labels, received[direction], sent[direction])
    }
    this.#context.events.emit({ type: 'close', proxy: this.name, connection: id, reason, age, received })
  }

  #tell(change: 'enabled' | 'disabled'): void {
    this.#context.events.emit({ type: 'proxy', proxy: this.name, change })
    this.#context.log({ level: 'info', message: `Proxy ${change}`, proxy: this.name, listen: this.#listen })
  }

  #tellToxic({ name }: Toxic, change: 'added' | 'changed' | 'removed' | 'expired'): void {
    this.#context.events.emit({ type: 'toxic', proxy: this.name, toxic: name, change })
  }

  #warn(message: string, error: unknown): void {
    this.#context.log({ level: 'warn', message, proxy: this.name, error: String(error) })
  }
}

async function resolve(listen: string, context = ''): Promise<Address> {
  try {
    return await resolveListen(listen)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new ChaosProxyError('LISTEN_FAILED', 500, `${context}${message}`, { cause })
  }
}
