import { createClientTracer, waitForTrace } from '@chaos-kitchen/telemetry'
import type { Check } from './check.ts'

const PATIENCE = 5_000

/** A trace that is sent can be found. */
export const tracing: Check = {
  name: 'traces',
  async run({ stage }) {
    if (!(await stage.status()).running) return { ok: false, found: 'no restaurant to send one to' }
    const { otlp, traces } = stage.addresses()
    const tracer = await createClientTracer({ endpoint: otlp, serviceName: 'doctor' })
    const span = tracer.start('doctor')
    span.end()
    await tracer.shutdown()
    const began = performance.now()
    const found = await waitForTrace(traces, span.traceId, PATIENCE)
    return found === undefined
      ? { ok: false, found: `sent to ${otlp} and not found there`, remedy: [LOG[stage.kind]] }
      : { ok: true, found: `sent, and found ${Math.round(performance.now() - began)} ms later` }
  },
}

const LOG = { embedded: 'tail .kitchen/logs/collector.log', docker: 'docker compose logs grafana collector' }
