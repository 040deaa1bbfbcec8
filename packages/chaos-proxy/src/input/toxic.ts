import { type Static, Type } from 'typebox'
import { invalidStream, invalidToxicType } from '../errors.ts'
import { type Scope, Toxic } from '../proxy/toxic.ts'
import type { Direction } from '../stream/direction.ts'
import { kindOf } from '../toxics/registry.ts'
import { Field, read } from './read.ts'

/** A timer's longest wait would do for more, but who wants a toxic for longer than this forgets it. */
const MAX_EXPIRY = 7 * 24 * 3_600_000

const ScopeFields = {
  toxicity: Field(Type.Number({ minimum: 0, maximum: 1 })),
  firstConnections: Field(Type.Integer({ minimum: 1 })),
  everyNthConnection: Field(Type.Integer({ minimum: 1 })),
  expiresIn: Field(Type.Integer({ minimum: 1, maximum: MAX_EXPIRY })),
}

const NewToxic = Type.Object({
  name: Field(Type.String()),
  type: Field(Type.String()),
  stream: Field(Type.String()),
  attributes: Type.Optional(Type.Unknown()),
  ...ScopeFields,
})

const ChangedToxic = Type.Object({ attributes: Type.Optional(Type.Unknown()), ...ScopeFields })

const ALWAYS: Scope = { toxicity: 1 }

/** @throws ChaosProxyError with status 400 and the rule that the body breaks */
export function readToxic(body: unknown): Toxic {
  const given = read(NewToxic, body)
  const stream = given.stream ?? 'downstream'
  const direction = parseDirection(stream)
  const type = given.type ?? ''
  const kind = kindOf(type)
  if (kind === undefined) throw invalidToxicType()
  const name = given.name || `${type}_${stream}`
  return new Toxic(name, kind, stream, direction, kind.settle(given.attributes), merge(ALWAYS, given))
}

/** Changes attributes and scope, each over what was there; all else is ignored. @throws as readToxic */
export function changeToxic(toxic: Toxic, body: unknown): void {
  const given = read(ChangedToxic, body)
  toxic.settled = toxic.kind.settle(given.attributes, toxic.settled.attributes)
  toxic.scope = merge(toxic.scope, given)
}

function parseDirection(stream: string): Direction {
  const direction = stream.toLowerCase()
  if (direction !== 'upstream' && direction !== 'downstream') throw invalidStream()
  return direction
}

function merge(scope: Scope, given: Static<typeof ChangedToxic>): Scope {
  return {
    toxicity: given.toxicity ?? scope.toxicity,
    firstConnections: given.firstConnections ?? scope.firstConnections,
    everyNthConnection: given.everyNthConnection ?? scope.everyNthConnection,
    expiresIn: given.expiresIn ?? scope.expiresIn,
  }
}
