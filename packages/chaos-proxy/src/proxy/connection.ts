import { connect, type Socket } from 'node:net'
import type { Context } from '../context.ts'
import { randomFor } from '../random.ts'
import type { Chain } from '../stream/chain.ts'
import { DIRECTIONS, type Direction } from '../stream/direction.ts'
import { Intake } from '../stream/intake.ts'
import { Link } from '../stream/link.ts'
import { Stub } from '../stream/stub.ts'
import type { Address } from './address.ts'
import { formatAddress } from './address.ts'
import type { Toxic } from './toxic.ts'

/** Numbers by direction. */
export type ByDirection = Readonly<Record<Direction, number>>

/** An open connection as the API shows it. */
export interface ConnectionView {
  /** 1 for the first that the proxy accepted. */
  readonly id: number
  readonly client: string
  /** Milliseconds since it was accepted. */
  readonly age: number
  /** Bytes read, bytes written, and bytes that toxics are holding. */
  readonly received: ByDirection
  readonly sent: ByDirection
  readonly held: ByDirection
  /** The toxics that it is under. */
  readonly toxics: string[]
}

/** A client's socket, the upstream's, and a link each way. */
export class Connection {
  readonly id: number
  readonly client: string
  readonly proxy: string
  readonly #context: Context
  readonly #clientSocket: Socket
  readonly #upstreamSocket: Socket
  readonly #openedAt: number
  readonly #links: Readonly<Record<Direction, Link>>
  #begun = false
  #resets = false
  #reason: string | undefined
  #closed: (() => void) | undefined

  constructor(id: number, proxy: string, accepted: Socket, upstream: Address, context: Context) {
    this.id = id
    this.proxy = proxy
    const fromClient = new Intake()
    const fromUpstream = new Intake()
    const client = fromClient.adopt(accepted)
    this.client = formatAddress({ host: client.remoteAddress ?? '', port: client.remotePort ?? 0 })
    this.#context = context
    this.#openedAt = context.clock.now()
    this.#clientSocket = client
    this.#upstreamSocket = connect({ ...fromUpstream.socketOptions, ...upstream, noDelay: true })
    this.#upstreamSocket.pause()
    const close = (socket: Socket) => (this.#resets ? socket.resetAndDestroy() : socket.destroySoon())
    this.#links = {
      upstream: new Link(client, fromClient, this.#upstreamSocket, context.clock, close),
      downstream: new Link(this.#upstreamSocket, fromUpstream, client, context.clock, close),
    }
    client.pause()
    client.once('close', () => fromClient.release())
    this.#upstreamSocket.once('close', () => fromUpstream.release())
    this.#watch(client, this.#links.upstream, 'client')
    this.#watch(this.#upstreamSocket, this.#links.downstream, 'upstream')
  }

  /** Connects to the upstream. `opened` is called when that is done, `closed` when both sockets are gone. */
  open(opened: () => void, closed: () => void): void {
    this.#closed = closed
    const timer = setTimeout(() => {
      this.destroy(`upstream did not answer within ${this.#context.connectTimeout} ms`)
    }, this.#context.connectTimeout)
    this.#upstreamSocket.once('connect', () => {
      clearTimeout(timer)
      opened()
      this.#clientSocket.resume()
      this.#upstreamSocket.resume()
    })
    this.#upstreamSocket.once('close', () => clearTimeout(timer))
  }

  /** The toxics that are there as it opens. Until then it has no part in what happens to toxics. */
  begin(toxics: readonly Toxic[]): void {
    this.#begun = true
    for (const toxic of toxics) this.add(toxic)
    this.#resets = toxics.some((toxic) => toxic.kind.resets && this.#chain(toxic).has(toxic))
  }

  add(toxic: Toxic, after: readonly Toxic[] = []): void {
    if (!this.#begun || !toxic.isFor(this.id, this.#context.seed, this.proxy)) return
    const random = randomFor(this.#context.seed, this.proxy, toxic.name, this.id)
    this.#chain(toxic).insert(toxic, new Stub(toxic.kind, toxic.settled, this.#context.clock, random), after)
  }

  /** The toxic's attributes or scope changed. `after` are those behind it in the chain. */
  change(toxic: Toxic, after: readonly Toxic[]): void {
    const chain = this.#chain(toxic)
    if (!chain.has(toxic)) this.add(toxic, after)
    else if (toxic.isFor(this.id, this.#context.seed, this.proxy)) chain.change(toxic)
    else chain.remove(toxic)
  }

  remove(toxic: Toxic): void {
    this.#chain(toxic).remove(toxic)
  }

  /** Closes both sockets at once; what is held is lost. */
  destroy(reason: string): void {
    this.#reason ??= reason
    for (const direction of DIRECTIONS) this.#links[direction].destroy()
    this.#clientSocket.destroy()
    this.#upstreamSocket.destroy()
  }

  get reason(): string {
    return this.#reason ?? 'closed'
  }

  get age(): number {
    return Math.round(this.#context.clock.now() - this.#openedAt)
  }

  get received(): ByDirection {
    return this.#count((link) => link.received)
  }

  get sent(): ByDirection {
    return this.#count((link) => link.sent)
  }

  view(): ConnectionView {
    return {
      id: this.id,
      client: this.client,
      age: this.age,
      received: this.received,
      sent: this.sent,
      held: this.#count((link) => link.chain.held),
      toxics: DIRECTIONS.flatMap((direction) => this.#links[direction].chain.toxics.map(({ name }) => name)),
    }
  }

  #watch(socket: Socket, link: Link, side: 'client' | 'upstream'): void {
    link.chain.onClose = (toxic) => {
      this.#reason ??= `toxic ${toxic.name}`
    }
    socket.on('end', () => {
      this.#reason ??= `${side} closed`
    })
    socket.on('error', (error) => {
      this.#reason ??= `${side}: ${error.message}`
    })
    socket.on('close', () => {
      link.end()
      if (!this.#clientSocket.closed || !this.#upstreamSocket.closed) return
      for (const direction of DIRECTIONS) this.#links[direction].destroy()
      this.#closed?.()
      this.#closed = undefined
    })
  }

  #chain(toxic: Toxic): Chain {
    return this.#links[toxic.direction].chain
  }

  #count(of: (link: Link) => number): ByDirection {
    return { upstream: of(this.#links.upstream), downstream: of(this.#links.downstream) }
  }
}
