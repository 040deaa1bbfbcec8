import { createClientTracer } from '@chaos-kitchen/telemetry'
import type { Battery } from '../batteries/index.ts'
import { keepRun } from '../report/runs.ts'
import { type ClientProfile, describeProfile } from '../run/client-profile.ts'
import { runBattery } from '../run/run-battery.ts'
import type { Verdict } from '../run/verdict.ts'
import { batteryView } from '../screen/battery-view.ts'
import type { OrderServiceChoice } from './order-service.ts'
import type { Context } from './perform.ts'
import type { Kitchen } from './with-stage.ts'

/** A run as a person asks for it. */
export interface BatteryRequest {
  readonly battery: Battery
  readonly seed: number
  readonly orderService: OrderServiceChoice
  readonly client: ClientProfile
}

/** Runs a battery on a restaurant that runs the order service already, shows it, and keeps its report. */
export async function runOnStage(
  { stage, home }: Kitchen,
  { output, signal }: Pick<Context, 'output' | 'signal'>,
  { battery, seed, orderService: { label }, client }: BatteryRequest,
): Promise<Verdict> {
  const tracer = await createClientTracer({ endpoint: stage.addresses().otlp, serviceName: 'client' })
  const service = label === 'starting' ? 'starting service' : label
  output.note(describeProfile(client))
  output.print('')
  const view = batteryView(output, battery, `${battery.name} · seed ${seed} · ${service}`, signal)
  try {
    const run = { battery, seed, client, tracer, signal, orderService: label, listener: view.listener }
    const verdict = await runBattery(stage, run)
    await keepRun(home, verdict)
    return verdict
  } finally {
    view.end()
    await tracer.shutdown()
  }
}
