import { flushCompileCache } from 'node:module'
import { shutdownTelemetry } from '@chaos-kitchen/telemetry'
import type { ServiceEnvironment } from './environment.ts'
import { exitFatally, FatalError } from './lifecycle/fatal.ts'
import { onStopRequest } from './lifecycle/stop-signals.ts'
import { createService, DEFAULT_GRACE, type ServiceDefinition } from './service.ts'

/** When the parent is gone nobody waits for replies any more. */
const ORPHAN_GRACE = 1_000

/**
 * The main program of a service: reads the environment, listens, and stops gracefully. A mistake of the person who
 * starts it ends the process with one line that says what to do.
 * @param read the environment, parsed; see `readEnvironment`
 */
export async function runService<Environment extends ServiceEnvironment>(
  read: () => Environment,
  define: (environment: Environment) => ServiceDefinition<Environment> | Promise<ServiceDefinition<Environment>>,
): Promise<void> {
  try {
    const environment = read()
    const service = await createService(await define(environment), environment)
    onStopRequest(
      async (reason) => {
        await service.stop(reason === 'parent gone' ? ORPHAN_GRACE : DEFAULT_GRACE)
        await shutdownTelemetry()
        process.exit(0)
      },
      { stdin: environment.KITCHEN === '1' },
    )
    // Node would write what it compiled at exit alone: a process that is killed would leave nothing for its next start.
    flushCompileCache()
    await service.listen()
  } catch (error) {
    if (error instanceof FatalError) exitFatally(error.details)
    throw error
  }
}
