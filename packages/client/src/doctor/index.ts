import type { Check } from './check.ts'
import { clock } from './clock.ts'
import { databaseUser } from './database-user.ts'
import { disk } from './disk.ts'
import { dockerCompose, dockerEngine, dockerImages } from './docker.ts'
import { httpProxy } from './http-proxy.ts'
import { memory } from './memory.ts'
import { nodeVersion } from './node-version.ts'
import { packageManager } from './package-manager.ts'
import { ports } from './ports.ts'
import { restaurant } from './restaurant.ts'
import { tracing } from './tracing.ts'

export type { Check, CheckResult, Machine } from './check.ts'

/** In this order: what comes later needs what comes earlier. */
export const checks: readonly Check[] = [
  nodeVersion,
  packageManager,
  memory,
  disk,
  clock,
  httpProxy,
  databaseUser,
  dockerEngine,
  dockerCompose,
  dockerImages,
  ports,
  restaurant,
  tracing,
]
