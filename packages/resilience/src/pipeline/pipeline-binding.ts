import type { Emitter } from '../telemetry/emitter.ts'
import type { ResilienceEvent } from '../telemetry/events.ts'
import type { World } from '../world/world.ts'
import type { Binding } from './policy.ts'

export class PipelineBinding implements Binding {
  readonly pipeline: string
  readonly world: World
  private readonly emitter: Emitter

  constructor(pipeline: string, world: World, emitter: Emitter) {
    this.pipeline = pipeline
    this.world = world
    this.emitter = emitter
  }

  get observed(): boolean {
    return this.emitter.observed
  }

  emit(event: ResilienceEvent): void {
    this.emitter.emit(event)
  }
}
