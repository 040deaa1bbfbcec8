import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const Milliseconds = Type.Integer({ minimum: 0 })

/** When a disruption begins: some time after an order of the battery starts, or after the run starts. */
export const Anchor = Type.Union([
  Type.Object({ order: Type.Integer({ minimum: 1 }), afterMs: Milliseconds }, { additionalProperties: false }),
  Type.Object({ atMs: Milliseconds }, { additionalProperties: false }),
])
export type Anchor = Static<typeof Anchor>

export const Disruption = Type.Object({
  /** Unique within its schedule. */
  id: Type.String({ minLength: 1 }),
  kind: Type.Enum(['stop', 'kill', 'pause', 'restart']),
  target: Type.String({ minLength: 1 }),
  anchor: Anchor,
  /** From the act until the target is brought back; 0 for a restart. */
  durationMs: Milliseconds,
})
export type Disruption = Static<typeof Disruption>

/** The disruptions of one run, made up front: what is printed is what will be done. */
export const Schedule = Type.Object({
  seed: Type.Integer(),
  disruptions: Type.Array(Disruption),
})
export type Schedule = Static<typeof Schedule>

/** Reads a schedule that was printed as JSON, to run it again. @throws Error when it is none */
export function parseSchedule(json: string): Schedule {
  return Value.Parse(Schedule, JSON.parse(json))
}

/** One line a disruption, for a person; the same schedule prints the same bytes. */
export function printSchedule({ seed, disruptions }: Schedule): string {
  const lines = disruptions.map(({ kind, target, anchor, durationMs }) => {
    const start = 'atMs' in anchor ? `${anchor.atMs} ms` : `order ${anchor.order} + ${anchor.afterMs} ms`
    return `${start.padEnd(20)} ${kind.padEnd(8)} ${target.padEnd(12)} ${kind === 'restart' ? '' : `for ${durationMs} ms`}`.trimEnd()
  })
  return [`seed ${seed}`, ...lines, ''].join('\n')
}
