import { OptionTable } from '../../options/option-table.ts'
import { anObject, wholeNumber } from '../../options/rules.ts'
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts'
import type { Policy } from '../../pipeline/policy.ts'
import { type Pipelines, pipelines } from '../../registry/pipelines.ts'
import { systemWorld } from '../../world/system-world.ts'
import type { World } from '../../world/world.ts'

export interface PerOriginOptions {
  /** Origins remembered; see `pipelines` for which one goes. Default 256. */
  maxOrigins?: number
  /** Time, timers and chance. Default: the system's. */
  world?: World
}

/**
 * A pipeline for each origin, made when the origin is first called: `perOrigin('api', () => [retry(), timeout(500)])`.
 * Bounded, since the origins may come from users.
 *
 * @param name of the pipelines, followed by a space and the origin
 * @param policies made anew for each origin; policies made outside of the function are shared by all
 */
export function perOrigin(
  name: string,
  policies: (origin: string) => readonly Policy[],
  options: PerOriginOptions = {},
): Pipelines<Pipeline> {
  const { maxOrigins, world } = OPTIONS.create(options)
  return pipelines({
    create: (origin) => pipeline(`${name} ${origin}`, policies(origin), { world }),
    maxEntries: maxOrigins,
  })
}

const OPTIONS = new OptionTable<PerOriginOptions>('perOrigin', {
  maxOrigins: { rule: wholeNumber(1), default: 256 },
  world: { rule: anObject, default: systemWorld },
})
