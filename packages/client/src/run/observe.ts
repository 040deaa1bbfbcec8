import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { request } from 'undici'
import type { ServiceName } from '../faults/outage-effect.ts'
import type { Arrival, Observations } from '../invariants/index.ts'
import type { RunClock } from './clock.ts'

const TIMEOUT = 5_000

const Requests = Type.Object({
  requests: Type.Array(
    Type.Object({
      method: Type.String(),
      path: Type.String(),
      from: Type.Number(),
      to: Type.Optional(Type.Number()),
      status: Type.Optional(Type.Integer()),
      traceId: Type.Optional(Type.String()),
      deadline: Type.Optional(Type.Number()),
    }),
  ),
})

/** Which requests arrived at each service, read past the proxies; times in milliseconds since the start of the run. */
export async function arrivalsOf(
  direct: Readonly<Record<ServiceName, string>>,
  clock: RunClock,
): Promise<Observations['arrivals']> {
  const [order, menu, loyalty] = await Promise.all([
    arrivalsAt(direct.order, clock),
    arrivalsAt(direct.menu, clock),
    arrivalsAt(direct.loyalty, clock),
  ])
  return { order, menu, loyalty }
}

/** At one of them. A service that is just coming back has forgotten its requests: it has none to tell. */
export async function arrivalsAt(url: string, clock: RunClock): Promise<Arrival[]> {
  const { body } = await request(`${url}/test/requests`, { signal: AbortSignal.timeout(TIMEOUT) })
  const { requests } = Value.Parse(Requests, await body.json())
  const origin = clock.startedAt.getTime()
  return requests.map(({ from, to, ...rest }) => ({
    ...rest,
    from: from - origin,
    ...(to !== undefined && { to: to - origin }),
  }))
}
