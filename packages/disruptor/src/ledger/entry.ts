import { type Static, Type } from 'typebox'

/** Before the act: what will be done, and by which process. */
const Begin = Type.Object({
  act: Type.Literal('begin'),
  id: Type.String({ minLength: 1 }),
  kind: Type.Enum(['stop', 'kill', 'pause', 'restart', 'toxic']),
  /** Name of a target, or of a hop where `kind` is toxic. */
  target: Type.String({ minLength: 1 }),
  /** Name of the toxic. */
  toxic: Type.Optional(Type.String()),
  at: Type.Number(),
  writer: Type.Object({ pid: Type.Integer({ minimum: 1 }), started: Type.Optional(Type.String()) }),
})

/** After the target serves again, or the toxic is gone. */
const End = Type.Object({ act: Type.Literal('end'), id: Type.String({ minLength: 1 }) })

export const LedgerEntry = Type.Union([Begin, End])
export type LedgerEntry = Static<typeof LedgerEntry>
export type LedgerBegin = Static<typeof Begin>
