import { type Static, Type } from 'typebox'
import { StageError } from '../../stage.ts'
import { HOP_NAMES, SERVICES } from '../../topology.ts'

/** A StageError on its way between processes. */
export const Failure = Type.Object({
  code: Type.String(),
  what: Type.String(),
  meaning: Type.String(),
  remedy: Type.Array(Type.String()),
  location: Type.Optional(
    Type.Object({
      file: Type.String(),
      line: Type.Optional(Type.Number()),
      column: Type.Optional(Type.Number()),
    }),
  ),
})
export type Failure = Static<typeof Failure>

export const Progress = Type.Object({
  ready: Type.Array(Type.Object({ name: Type.String(), ms: Type.Number() })),
  waiting: Type.Array(Type.String()),
  note: Type.Optional(Type.String()),
})

const PortNames = ['collector', 'proxy', 'postgres', ...SERVICES, ...HOP_NAMES] as const

const State = Type.Enum(['running', 'paused', 'stopped'])

/** What `GET /status` of the control API answers. */
export const HostStatus = Type.Object({
  phase: Type.Enum(['starting', 'running', 'stopping']),
  detached: Type.Boolean(),
  ports: Type.Record(Type.Enum([...PortNames]), Type.Integer()),
  progress: Progress,
  services: Type.Array(
    Type.Object({
      name: Type.String(),
      state: State,
      ready: Type.Boolean(),
      pid: Type.Optional(Type.Integer()),
      url: Type.Optional(Type.String()),
      endsByItself: Type.Optional(Type.Object({ times: Type.Integer(), last: Type.String() })),
    }),
  ),
  toxics: Type.Integer(),
})
export type HostStatus = Static<typeof HostStatus>

export const TargetReply = Type.Object({ state: State })

export const OrderServiceBody = Type.Object({ file: Type.String({ minLength: 1 }) })

/** What the host tells the client that started it, over IPC. */
export const HostMessage = Type.Union([
  Type.Object({ type: Type.Literal('progress'), progress: Progress }),
  Type.Object({ type: Type.Literal('ready') }),
  /** Another process runs or cleans up this restaurant. */
  Type.Object({ type: Type.Literal('occupied') }),
  Type.Object({ type: Type.Literal('failed'), failure: Failure }),
])
export type HostMessage = Static<typeof HostMessage>

/** What the client asks of the host that it starts; the first argument, as JSON. */
export const HostOptions = Type.Object({
  home: Type.String({ minLength: 1 }),
  implementation: Type.String({ minLength: 1 }),
  portBase: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_000 })),
  detached: Type.Boolean(),
})
export type HostOptions = Static<typeof HostOptions>

export function toStageError({ code, what, meaning, remedy, location }: Failure): StageError {
  if (location === undefined) return new StageError(code, { what, meaning, remedy })
  const { file, line, column } = location
  const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) }
  return new StageError(code, { what, meaning, remedy }, place)
}
