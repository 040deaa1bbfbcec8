import type { StageProxies } from '@chaos-kitchen/kitchen'
import { type ToxicType, Toxiproxy, ToxiproxyError } from 'toxiproxy-node-client'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ToxicEffect } from '../faults/toxic-effect.ts'

/** Adds and removes toxics through the Toxiproxy API, on either stage. */
export interface Toxics {
  /** @param name unique on its hop */
  add(name: string, effect: ToxicEffect): Promise<void>
  /** Removing what is gone already is no error. */
  remove(name: string, hop: string): Promise<void>
  list(): Promise<PresentToxic[]>
}

export interface PresentToxic {
  readonly hop: string
  readonly name: string
  readonly type: string
  readonly stream: string
  readonly attributes: Record<string, number>
}

const Proxies = Type.Record(
  Type.String(),
  Type.Object({
    toxics: Type.Array(
      Type.Object({
        name: Type.String(),
        type: Type.String(),
        stream: Type.String(),
        attributes: Type.Record(Type.String(), Type.Number()),
      }),
    ),
  }),
)

export function connectToxics({ apiUrl }: StageProxies): Toxics {
  const server = new Toxiproxy(apiUrl)
  return {
    async add(name, { hop, toxic }) {
      const proxy = await server.get(hop)
      const { type, stream, attributes } = toxic
      await proxy.addToxic({ name, type: type satisfies ToxicType, stream, toxicity: 1, attributes: { ...attributes } })
    },
    async remove(name, hop) {
      const proxy = await server.get(hop)
      const toxic = await proxy.getToxic(name).catch(undefinedWhenGone)
      await toxic?.remove()
    },
    async list() {
      // The client's own proxies do not keep their toxics.
      const { data } = await server.api.get<unknown>(`${apiUrl}/proxies`)
      return Object.entries(Value.Parse(Proxies, data)).flatMap(([hop, { toxics }]) =>
        toxics.map((toxic) => ({ hop, ...toxic })),
      )
    },
  }
}

function undefinedWhenGone(error: unknown): undefined {
  if (error instanceof ToxiproxyError && error.message.endsWith('404')) return undefined
  throw error
}
