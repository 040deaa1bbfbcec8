/**
 * OpenTelemetry for a service: `node --import @chaos-kitchen/telemetry/register main.ts`. Must come before anything
 * that is to be traced is loaded, hence `--import`. Without `OTEL_EXPORTER_OTLP_ENDPOINT` it does nothing and loads
 * nothing; with one that is no address, it says so in one line and leaves telemetry off.
 */
export { flushTelemetry, shutdownTelemetry } from '../shutdown.ts'

const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT

if (endpoint && isHttpAddress(endpoint)) {
  const { startTelemetry } = await import('./start-telemetry.ts')
  startTelemetry()
} else if (endpoint) {
  const msg = `OTEL_EXPORTER_OTLP_ENDPOINT is "${endpoint}", which is no HTTP address: telemetry is off`
  process.stdout.write(`${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, msg })}\n`)
}

function isHttpAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '')
}
