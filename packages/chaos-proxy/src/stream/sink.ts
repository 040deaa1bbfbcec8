import type { Chunk } from '../toxics/effect.ts'

/** Where a stream goes on: the next toxic's stub, or the socket at the end. */
export interface Sink {
  /** Whether it asks for no more for now. What is pushed all the same is kept. */
  readonly full: boolean
  push(chunk: Chunk): void
}
