import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const Order = Type.Object({
  number: Type.Integer(),
  traceId: Type.String(),
  traceUrl: Type.Union([Type.String(), Type.Null()]),
  placed: Type.Boolean(),
  amount: Type.Union([Type.Number(), Type.Null()]),
  discountPercentage: Type.Union([Type.Number(), Type.Null()]),
  degraded: Type.Boolean(),
  startedAt: Type.Number(),
  ms: Type.Number(),
  attempts: Type.Integer(),
  attemptsInDetail: Type.Array(
    Type.Object({
      startedAt: Type.Number(),
      ms: Type.Number(),
      status: Type.Optional(Type.Integer()),
      failure: Type.Optional(Type.String()),
    }),
  ),
  gaveUp: Type.Optional(Type.String()),
})

const Invariant = Type.Object({
  name: Type.String(),
  passed: Type.Boolean(),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  shown: Type.Optional(Type.String()),
  shownLimit: Type.Optional(Type.String()),
  why: Type.Union([Type.String(), Type.Null()]),
  order: Type.Optional(Type.Integer()),
})

const Fault = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  target: Type.String(),
  label: Type.Optional(Type.String()),
  from: Type.Number(),
  to: Type.Number(),
  recoveryMs: Type.Optional(Type.Number()),
})

const RunReport = Type.Object({
  battery: Type.String(),
  seed: Type.Integer(),
  stage: Type.String(),
  passed: Type.Boolean(),
  orderService: Type.String(),
  client: Type.String(),
  startedAt: Type.String(),
  ms: Type.Number(),
  orders: Type.Array(Order),
  invariants: Type.Array(Invariant),
  faults: Type.Array(Fault),
})

/** What report.json holds of a run, as pages and summaries read it. Times in milliseconds since the first order. */
export type RunReport = Static<typeof RunReport>
export type OrderReport = Static<typeof Order>
export type InvariantReport = Static<typeof Invariant>
export type FaultReport = Static<typeof Fault>

/** The report of this text, or undefined when it is none. */
export function readRunReport(text: string): RunReport | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return Value.Check(RunReport, json) ? json : undefined
  } catch {
    return undefined
  }
}
