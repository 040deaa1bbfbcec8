import type { Target } from './target.ts'

/** What must hold at every moment; a disruption that would break it waits. */
export interface Guards {
  /** Disruptions at a time, until what they hit serves again. 1 by default. */
  maxConcurrent: number
  /** Eligible targets that must be running and undisturbed at any time. 0 by default. */
  minHealthy: number
}

export const DEFAULT_GUARDS: Guards = { maxConcurrent: 1, minHealthy: 0 }

/** Why a disruption of this target has to wait; undefined when it may begin. */
export async function guardedBy(
  guards: Guards,
  target: Target,
  targets: readonly Target[],
  disrupted: ReadonlySet<string>,
): Promise<string | undefined> {
  if (disrupted.has(target.name)) return `${target.name} is disrupted already`
  if (disrupted.size >= guards.maxConcurrent) return `${disrupted.size} disruptions at a time are the most`
  const states = await Promise.all(
    targets
      .filter(({ name, eligible }) => eligible && name !== target.name && !disrupted.has(name))
      .map((each) => each.state()),
  )
  const healthy = states.filter((state) => state === 'running').length
  return healthy < guards.minHealthy ? `${guards.minHealthy} targets must stay healthy` : undefined
}
