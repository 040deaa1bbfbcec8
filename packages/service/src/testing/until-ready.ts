import { setTimeout as sleep } from 'node:timers/promises'

/** As long as a machine with much else to do may take. */
const PATIENCE = 50_000

/** Resolves once the service at this address says that it is ready. */
export async function untilReady(url: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE)
  while (!(await fetch(`${url}/health/ready`, { signal })).ok) await sleep(20, undefined, { signal })
}
