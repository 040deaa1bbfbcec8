import { type Static, Type } from 'typebox'
import type { ProxySpec } from '../proxy/proxy-collection.ts'
import type { ProxyChange } from '../proxy/tcp-proxy.ts'
import { Field, read } from './read.ts'
import { readToxic } from './toxic.ts'

const NewProxy = Type.Object({
  name: Field(Type.String()),
  listen: Field(Type.String()),
  upstream: Field(Type.String()),
  enabled: Field(Type.Boolean()),
  toxics: Type.Optional(Type.Unknown()),
})

const ChangedProxy = Type.Object({
  listen: Field(Type.String()),
  upstream: Field(Type.String()),
  enabled: Field(Type.Boolean()),
})

const Toxics = Field(Type.Array(Type.Unknown()))

/** Whether toxics in the body count; the original ignores them. */
export interface ReadOptions {
  readonly withToxics: boolean
}

/** @throws ChaosProxyError with status 400 and the rule that the body breaks */
export const readProxy = (body: unknown, options: ReadOptions): ProxySpec => toSpec(read(NewProxy, body), options)

/** @throws ChaosProxyError with status 400 and the rule that the body breaks */
export const readProxies = (body: unknown, options: ReadOptions): ProxySpec[] =>
  read(Type.Array(NewProxy), body).map((given) => toSpec(given, options))

/** @throws ChaosProxyError with status 400 and the rule that the body breaks */
export function readProxyChange(body: unknown): ProxyChange {
  const { listen, upstream, enabled } = read(ChangedProxy, body)
  return {
    ...(listen != null && { listen }),
    ...(upstream != null && { upstream }),
    ...(enabled != null && { enabled }),
  }
}

function toSpec(given: Static<typeof NewProxy>, { withToxics }: ReadOptions): ProxySpec {
  const toxics = withToxics ? read(Toxics, given.toxics)?.map(readToxic) : undefined
  return {
    name: given.name ?? '',
    listen: given.listen || ANY_PORT,
    upstream: given.upstream ?? '',
    enabled: given.enabled ?? true,
    toxics,
  }
}

/** Where a proxy listens that doesn't say where. The original takes all interfaces, which nobody means. */
const ANY_PORT = '127.0.0.1:0'
