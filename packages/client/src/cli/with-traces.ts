import type { AnyStage } from '@chaos-kitchen/kitchen'
import { startCollector } from '@chaos-kitchen/telemetry/collector'

export interface Traces {
  /** Where they are asked for. */
  readonly url: string
  pageUrl(traceId: string): string
}

/** The collector of the running restaurant; where none runs, one over the traces that earlier runs left. */
export async function withTraces<T>(stage: AnyStage, work: (traces: Traces) => Promise<T>): Promise<T> {
  if ((await stage.status()).running) {
    await stage.up()
    const { traces, traceUrl } = stage.addresses()
    return work({ url: traces, pageUrl: traceUrl })
  }
  const collector = await startCollector({ port: 0, store: stage.home.traces })
  try {
    return await work({ url: collector.url, pageUrl: (traceId) => `${collector.url}/trace/${traceId}` })
  } finally {
    await collector.stop()
  }
}
