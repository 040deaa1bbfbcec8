import type { Stage } from '@chaos-kitchen/kitchen'
import { createClientTracer } from '@chaos-kitchen/telemetry'
import { persistent } from '../run/client-profile.ts'
import { runBattery } from '../run/run-battery.ts'
import { type Claim, type Finding, judge } from './claim.ts'

/** Runs the claim's exercise on its implementation, once. */
export async function verifyClaim(
  stage: Stage,
  claim: Claim,
  seed: number,
  signal: AbortSignal,
): Promise<{ finding: Finding; ms: number }> {
  await stage.useOrderService(claim.file)
  const tracer = await createClientTracer({ endpoint: stage.addresses().otlp, serviceName: 'client' })
  try {
    const { battery } = claim.exercise
    const began = performance.now()
    const verdict = await runBattery(stage, {
      ...{ battery, seed, tracer, signal, client: persistent, orderService: claim.name },
    })
    return { finding: judge(claim, verdict), ms: performance.now() - began }
  } finally {
    await tracer.shutdown()
  }
}
