import { appendFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'

const Kind = Type.Enum(['stop', 'kill', 'pause', 'restart', 'toxic'])

/**
 * A fault as everybody tells of it, disruptions of targets and toxics on hops alike. It is told when it begins, without
 * `to`, and again under the same id when it is over. Times are milliseconds since the epoch.
 */
export const FaultEvent = Type.Object({
  id: Type.String({ minLength: 1 }),
  kind: Kind,
  /** Name of a target, or of a hop where `kind` is toxic. */
  target: Type.String({ minLength: 1 }),
  from: Type.Number(),
  /** When it was lifted; what it hit may serve again only later. */
  to: Type.Optional(Type.Number()),
  /** In words, for a person. */
  detail: Type.String(),
  /** Milliseconds from `to` until the target served again. */
  timeToRecover: Type.Optional(Type.Number({ minimum: 0 })),
})
export type FaultEvent = Static<typeof FaultEvent>

/** Appends events to a file, one JSON object a line, in the order in which they are told. */
export function faultEventFile(path: string): { write(event: FaultEvent): void; settled(): Promise<void> } {
  let writing: Promise<void> = Promise.resolve()
  return {
    write(event) {
      writing = writing.then(() => appendFile(path, `${JSON.stringify(event)}\n`))
      // Reported by `settled`, at the latest at the end of the run.
      writing.catch(() => undefined)
    },
    settled: () => writing,
  }
}
