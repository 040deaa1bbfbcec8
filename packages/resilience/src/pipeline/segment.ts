import type { World } from '../world/world.ts'
import type { HookLayer, Layer, WrapLayer } from './policy.ts'

/** A run of hook layers, and what is inside of them: the user's function, or a wrap layer around the next segment. */
export interface Segment {
  readonly pipeline: string
  readonly world: World
  /** The `enter` and the `exit` of each hook layer, bound: five classes behind one call site would slow it down. */
  readonly enters: readonly HookLayer['enter'][]
  readonly exits: readonly HookLayer['exit'][]
  readonly wrap: WrapLayer | undefined
  readonly inner: Segment | undefined
}

export function toSegments(pipeline: string, world: World, layers: readonly Layer[]): Segment {
  const enters: HookLayer['enter'][] = []
  const exits: HookLayer['exit'][] = []
  for (const [index, layer] of layers.entries()) {
    if ('wrap' in layer) {
      const inner = toSegments(pipeline, world, layers.slice(index + 1))
      return { pipeline, world, enters, exits, wrap: layer, inner }
    }
    enters.push(layer.enter.bind(layer))
    exits.push(layer.exit.bind(layer))
  }
  return { pipeline, world, enters, exits, wrap: undefined, inner: undefined }
}
