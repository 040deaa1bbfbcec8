import { changeToxic } from '../input/toxic.ts'
import type { TcpProxy } from '../proxy/tcp-proxy.ts'
import type { Toxic, ToxicView } from '../proxy/toxic.ts'
import type { AttributesOf, ToxicType } from '../toxics/registry.ts'
import type { ScopeOptions } from './toxic-options.ts'

/** A toxic that was added to a proxy. With `await using`, it is removed at the end of the block. */
export class ToxicHandle<Type extends ToxicType = ToxicType> {
  readonly #proxy: TcpProxy
  readonly #toxic: Toxic

  /** @internal */
  constructor(proxy: TcpProxy, toxic: Toxic) {
    this.#proxy = proxy
    this.#toxic = toxic
  }

  get name(): string {
    return this.#toxic.name
  }

  /** The toxic as the HTTP API shows it. */
  get view(): ToxicView {
    return this.#toxic.view()
  }

  /**
   * Changes attributes and scope; what isn't given stays. Open connections: what it holds goes on, the rest meets the
   * new attributes.
   *
   * @throws ChaosProxyError INVALID_TOXIC or BAD_REQUEST with the rule that is broken; nothing changes then
   */
  async update(attributes: AttributesOf<Type>, scope: ScopeOptions = {}): Promise<void> {
    changeToxic(this.#toxic, { ...scope, attributes })
    this.#proxy.changedToxic(this.#toxic)
  }

  /** What it holds goes on. Does nothing when it is removed already. */
  async remove(): Promise<void> {
    this.#proxy.removeToxic(this.#toxic)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove()
  }
}
