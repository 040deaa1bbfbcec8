import type { ObservablePipeline } from '../pipeline/pipeline.ts'
import { Emitter } from './emitter.ts'
import type { EventListener } from './events.ts'

/**
 * All pipelines of the process, for exporters: subscribe once at start, read every pipeline's metrics on demand.
 * Pipelines are held weakly, so that one made for a single request can go.
 */
export const telemetry = {
  /**
   * Events of all pipelines, present and future.
   *
   * @returns a function that ends the subscription
   */
  subscribe(listener: EventListener): () => void {
    return everything.subscribe(listener)
  },

  /** The live pipelines, in the order of their creation. */
  *pipelines(): Generator<ObservablePipeline> {
    for (const reference of references) {
      const pipeline = reference.deref()
      if (pipeline !== undefined) yield pipeline
    }
  },
}

export const everything = new Emitter()
const references = new Set<WeakRef<ObservablePipeline>>()
const collected = new FinalizationRegistry<WeakRef<ObservablePipeline>>((reference) => references.delete(reference))

export function enlist(pipeline: ObservablePipeline): void {
  const reference = new WeakRef(pipeline)
  references.add(reference)
  collected.register(pipeline, reference)
}
