import type { StageAddresses } from '../stage.ts'
import { postJson, send } from './http.ts'
import { HOST, type Ports } from './layout.ts'

export function embeddedAddresses(ports: Ports): StageAddresses {
  const at = (port: number) => `http://${HOST}:${port}`
  return {
    order: at(ports['client-order']),
    direct: { order: at(ports.order), menu: at(ports.menu), loyalty: at(ports.loyalty) },
    otlp: at(ports.collector),
    traces: at(ports.collector),
    traceUrl: (traceId) => `${at(ports.collector)}/trace/${traceId}`,
    async traceFound(traceId) {
      try {
        const url = `${at(ports.collector)}/api/traces/${traceId}`
        return (await send('GET', url, { signal: AbortSignal.timeout(2_000) })).status === 200
      } catch {
        // The collector is being started again, or overloaded: not found yet, then.
        return false
      }
    },
    async reportFault(fault) {
      await postJson(`${at(ports.collector)}/faults`, fault, AbortSignal.timeout(2_000))
    },
  }
}
