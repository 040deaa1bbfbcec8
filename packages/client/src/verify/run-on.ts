import type { Stage } from '@chaos-kitchen/kitchen'
import { createClientTracer } from '@chaos-kitchen/telemetry'
import type { Battery } from '../batteries/index.ts'
import { persistent } from '../run/client-profile.ts'
import { runBattery } from '../run/run-battery.ts'
import type { Verdict } from '../run/verdict.ts'

/** Runs a battery on the order service of this file, once. */
export async function runOn(
  stage: Stage,
  { file, label, battery, seed }: { file: string; label: string; battery: Battery; seed: number },
  signal: AbortSignal,
): Promise<Verdict> {
  await stage.useOrderService(file)
  const tracer = await createClientTracer({ endpoint: stage.addresses().otlp, serviceName: 'client' })
  try {
    return await runBattery(stage, { battery, seed, tracer, signal, client: persistent, orderService: label })
  } finally {
    await tracer.shutdown()
  }
}
