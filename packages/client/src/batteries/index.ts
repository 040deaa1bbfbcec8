import type { Battery } from './battery.ts'
import { complete } from './complete.ts'
import { half } from './half.ts'
import { rushHour } from './rush-hour.ts'
import { single } from './single.ts'

export type { Arrivals, Battery } from './battery.ts'
export type { PlannedOrder } from './planned-order.ts'

/** Every battery that `pnpm workshop battery` knows; a new one is a file and a line here. */
export const batteries: readonly Battery[] = [single, half, complete, rushHour]
