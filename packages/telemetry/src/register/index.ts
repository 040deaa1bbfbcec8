/**
 * OpenTelemetry for a service: `node --import @chaos-kitchen/telemetry/register main.ts`. Must come before anything
 * that is to be traced is loaded, hence `--import`. Without `OTEL_EXPORTER_OTLP_ENDPOINT` it does nothing and loads
 * nothing.
 */
export { flushTelemetry, shutdownTelemetry } from '../shutdown.ts'

if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  const { startTelemetry } = await import('./start-telemetry.ts')
  startTelemetry()
}
