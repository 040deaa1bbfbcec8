import type { Check } from './check.ts'
import { connections } from './connections.ts'
import { effects } from './effects.ts'
import { latency } from './latency.ts'
import { populate } from './populate.ts'
import { proxies } from './proxies.ts'
import { toxics } from './toxics.ts'

/** What a Toxiproxy server does. */
export const checks: readonly Check[] = [...proxies, ...populate, ...toxics, ...connections, ...latency, ...effects]
