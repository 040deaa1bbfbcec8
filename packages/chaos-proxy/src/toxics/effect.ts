import type { Random } from '../random.ts'

/** Bytes on their way, or the end of the stream when there are none. */
export interface Chunk {
  /** `undefined` is the end of the stream. */
  data: Buffer | undefined
  /** When it was received; a toxic that delays it moves this to when it was due, so that delays add up exactly. */
  at: number
  /** The buffer that the data is the last of: free for other uses when that is written. */
  readonly buffer?: Buffer | undefined
}

/** What becomes of the chunk at the head of the queue. */
export type Verdict =
  /** The first `bytes` of it go on; all of it when not said. */
  | { readonly act: 'pass'; readonly bytes?: number }
  /** It vanishes. */
  | { readonly act: 'drop' }
  /** It stays, and the effect is asked again at `until` at the latest; never, when not said. */
  | { readonly act: 'hold'; readonly until?: number }
  /** The stream ends here: what has passed arrives, what has not is lost. */
  | { readonly act: 'close' }

export const PASS: Verdict = { act: 'pass' }
export const DROP: Verdict = { act: 'drop' }
export const HOLD: Verdict = { act: 'hold' }
export const CLOSE: Verdict = { act: 'close' }
export const holdUntil = (until: number): Verdict => ({ act: 'hold', until })

/**
 * A toxic at work on one direction of one connection. It only decides: queues, timers, sockets and back-pressure are
 * the stub's, so nothing it does can lose, reorder or leak a byte.
 */
export interface Effect {
  /** There is data at the head of the queue and room behind. `now` may be later than asked for, never earlier. */
  onData(data: Buffer, chunk: Chunk, now: number): Verdict
  /** The end of the stream is at the head of the queue. Not given: it passes. */
  onEnd?(chunk: Chunk, now: number): Verdict
  /** The queue is empty. Not given: it holds. */
  onIdle?(now: number): Verdict
}

/** What an effect may know of its place. */
export interface Place {
  /** When it starts to act: when the toxic was added or last changed, or the connection opened. */
  readonly startedAt: number
  readonly random: Random
  /** Bytes that this toxic let through on this connection since it was added; survives a change of attributes. */
  passedBytes(): number
}
