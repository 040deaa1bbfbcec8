import { describeEffect, describePlace } from '../faults/describe.ts'
import { type Fault, placeOf } from '../faults/fault.ts'

/** Tells the collector of faults, so that pages draw them over the traces of that moment. */
export interface FaultReporter {
  began(fault: Fault): void
  ended(fault: Fault): void
  /** Resolves once all that was reported has been sent, or could not be. */
  settled(): Promise<void>
}

const PATIENCE = 1_000

/**
 * Reports in the background: a collector that is away never holds a battery up.
 *
 * @param otlp base URL of the collector
 * @param run distinguishes the faults of this run from those of others
 */
export function faultReporter(otlp: string, run: string): FaultReporter {
  let sending: Promise<unknown> = Promise.resolve()
  const send = (method: 'POST' | 'PATCH', path: string, body: object): void => {
    const call = () =>
      fetch(`${otlp}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      })
    // What can't be drawn is missed on a page and nowhere else; the run's own report has every fault.
    sending = sending.then(call).then(
      (response) => response.body?.cancel(),
      () => undefined,
    )
  }
  return {
    began(fault) {
      const label = `${describePlace(fault)}: ${describeEffect(fault)}`
      send('POST', '/faults', {
        id: `${run}-${fault.id}`,
        kind: fault.kind,
        target: placeOf(fault),
        from: Date.now(),
        label,
      })
    },
    ended: (fault) => send('PATCH', `/faults/${run}-${fault.id}`, { to: Date.now() }),
    settled: async () => void (await sending),
  }
}
