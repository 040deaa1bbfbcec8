import { fetchTrace } from '@chaos-kitchen/telemetry'
import { postJson, send } from '../embedded/http.ts'
import { HOST } from '../embedded/layout.ts'
import type { ReportedFault, StageAddresses } from '../stage.ts'
import type { DockerPorts } from './layout.ts'

const ANSWER_WITHIN = 2_000

/** Ports of Grafana's image are there only where it runs; the collector of this repository needs one alone. */
export type RunningPorts = Omit<DockerPorts, 'otlp' | 'tempo' | 'prometheus'> & Partial<DockerPorts>

export function dockerAddresses(ports: RunningPorts): StageAddresses {
  const at = (port: number) => `http://${HOST}:${port}`
  const services = {
    order: at(ports['client-order']),
    direct: { order: at(ports.order), menu: at(ports.menu), loyalty: at(ports.loyalty) },
  }
  const page = at(ports.collector)
  if (ports.otlp === undefined || ports.tempo === undefined)
    return {
      ...services,
      ...{ otlp: page, traces: page },
      traceUrl: (traceId) => `${page}/trace/${traceId}`,
      traceFound: (traceId) => isFound(page, traceId),
      async reportFault(fault) {
        await postJson(`${page}/faults`, fault, AbortSignal.timeout(ANSWER_WITHIN))
      },
    }
  const tempo = at(ports.tempo)
  return {
    ...services,
    ...{ otlp: at(ports.otlp), traces: tempo },
    traceUrl: (traceId) => exploreUrl(page, traceId),
    traceFound: (traceId) => isFound(tempo, traceId),
    reportFault: grafanaAnnotations(page),
  }
}

async function isFound(traces: string, traceId: string): Promise<boolean> {
  try {
    return (await fetchTrace(traces, traceId)) !== undefined
  } catch {
    // It is being started again, or overloaded: not found yet, then.
    return false
  }
}

/** Grafana's Explore, opened at one trace of Tempo. */
export function exploreUrl(grafana: string, traceId: string): string {
  const panes = {
    trc: {
      datasource: 'tempo',
      queries: [{ refId: 'A', datasource: { type: 'tempo', uid: 'tempo' }, queryType: 'traceql', query: traceId }],
      range: { from: 'now-1h', to: 'now' },
    },
  }
  return `${grafana}/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`
}

/** Faults as region annotations, which the dashboards query by the tag `chaos`. */
export function grafanaAnnotations(grafana: string): (fault: ReportedFault) => Promise<void> {
  /** Annotations that were begun here, by fault. */
  const open = new Map<string, number>()
  return async ({ id, kind, target, from, to, label }) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN)
    const known = open.get(id)
    if (known !== undefined && to !== undefined) {
      open.delete(id)
      const { status, body } = await send('PATCH', `${grafana}/api/annotations/${known}`, {
        body: { timeEnd: Math.round(to) },
        signal,
      })
      if (status !== 200) throw new Error(`Grafana answered ${status} to the end of a fault: ${body.slice(0, 200)}`)
      return
    }
    const made: unknown = JSON.parse(
      await postJson(
        `${grafana}/api/annotations`,
        {
          time: Math.round(from),
          ...(to !== undefined && { timeEnd: Math.round(to) }),
          tags: ['chaos', `kind:${kind}`, `target:${target}`],
          text: label,
        },
        signal,
      ),
    )
    const isMade = typeof made === 'object' && made !== null && 'id' in made && typeof made.id === 'number'
    if (isMade && to === undefined) open.set(id, Number(made.id))
  }
}
