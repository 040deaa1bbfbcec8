import type { World } from '../world/world.ts'
import type { CallerLayer } from './caller-layer.ts'
import type { HookLayer, Layer, WrapLayer } from './policy.ts'

/** A run of hook layers, and what is inside of them: the user's function, or a wrap layer around the next segment. */
export interface Segment {
  readonly pipeline: string
  readonly world: World
  /** Around the outermost segment. */
  readonly caller: CallerLayer | undefined
  readonly hooks: readonly HookLayer[]
  /** The methods of the hooks. To call `hook.enter` of many classes from one place, V8 would look it up each time. */
  readonly enters: readonly HookLayer['enter'][]
  readonly exits: readonly HookLayer['exit'][]
  readonly wrap: WrapLayer | undefined
  readonly inner: Segment | undefined
}

export function toSegments(
  pipeline: string,
  world: World,
  layers: readonly Layer[],
  caller: CallerLayer | undefined,
): Segment {
  const hooks: HookLayer[] = []
  for (const [index, layer] of layers.entries()) {
    if ('wrap' in layer) {
      const inner = toSegments(pipeline, world, layers.slice(index + 1), undefined)
      return { pipeline, world, caller, hooks, ...methodsOf(hooks), wrap: layer, inner }
    }
    hooks.push(layer)
  }
  return { pipeline, world, caller, hooks, ...methodsOf(hooks), wrap: undefined, inner: undefined }
}

function methodsOf(hooks: readonly HookLayer[]) {
  return { enters: hooks.map((hook) => hook.enter), exits: hooks.map((hook) => hook.exit) }
}
