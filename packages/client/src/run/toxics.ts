import type { StageProxies } from '@chaos-kitchen/kitchen'
import { type ToxicType, Toxiproxy } from 'toxiproxy-node-client'
import type { ToxicEffect } from '../faults/toxic-effect.ts'

/** Adds and removes toxics through the Toxiproxy API, on either stage. */
export interface Toxics {
  /** @param name unique on its hop */
  add(name: string, effect: ToxicEffect): Promise<void>
  /** Removing what is gone already is no error. */
  remove(name: string, hop: string): Promise<void>
}

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
      const toxic = await proxy.getToxic(name).catch(() => undefined)
      await toxic?.remove()
    },
  }
}
