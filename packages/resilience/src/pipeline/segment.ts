import type { World } from '../world/world.ts'
import type { HookLayer, Layer, WrapLayer } from './policy.ts'

/** A run of hook layers, and what is inside of them: the user's function, or a wrap layer around the next segment. */
export interface Segment {
  readonly pipeline: string
  readonly world: World
  readonly hooks: readonly HookLayer[]
  readonly wrap: WrapLayer | undefined
  readonly inner: Segment | undefined
}

export function toSegments(pipeline: string, world: World, layers: readonly Layer[]): Segment {
  const hooks: HookLayer[] = []
  for (const [index, layer] of layers.entries()) {
    if ('wrap' in layer)
      return { pipeline, world, hooks, wrap: layer, inner: toSegments(pipeline, world, layers.slice(index + 1)) }
    hooks.push(layer)
  }
  return { pipeline, world, hooks, wrap: undefined, inner: undefined }
}
