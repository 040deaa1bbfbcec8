import type { Clock } from '../clock.ts'
import { type Chunk, type Effect, HOLD, PASS, type Place, type Verdict } from '../toxics/effect.ts'
import type { Kind, Settled } from '../toxics/kind.ts'
import type { Sink } from './sink.ts'

/**
 * One toxic in one direction of one connection: the queue before it, the timer that it waits on, and its effect.
 * All of it is synchronous, so a control call never waits for a toxic.
 */
export class Stub implements Sink {
  /** Set by the link: what follows, and whom to tell when there is room again or the toxic ends the stream. */
  next: Sink | undefined
  onRoom: () => void = () => {}
  onClose: () => void = () => {}

  readonly #kind: Kind
  readonly #clock: Clock
  readonly #random: Place['random']
  readonly #queue: Chunk[] = []
  #effect: Effect
  #held = 0
  #passed = 0
  #asked = false
  #released = false
  #ended = false
  #drained: (() => void) | undefined
  #cancelTimer: (() => void) | undefined
  #advancing = false

  constructor(kind: Kind, settled: Settled, clock: Clock, random: Place['random']) {
    this.#kind = kind
    this.#clock = clock
    this.#random = random
    this.#effect = this.#start(settled)
  }

  /** Bytes that are in here. */
  get held(): number {
    return this.#held
  }

  get full(): boolean {
    if (this.#ended) return true
    if (this.#drained !== undefined) return this.#queue.length > 0
    return this.#queue.length >= this.#kind.capacity || this.#held >= this.#kind.capacity * CHUNK
  }

  push(chunk: Chunk): void {
    if (this.#ended) return
    this.#queue.push(chunk)
    this.#held += chunk.data?.length ?? 0
    // What is behind another chunk has to wait for it anyway.
    if (this.#queue.length === 1) this.advance()
  }

  /** Lets go of all that may go now. */
  advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    const wasFull = this.full
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    while (!this.#ended && this.#step());
    this.#advancing = false
    if (this.#queue.length === 0 && !this.#ended) this.#drained?.()
    if (wasFull && !this.full) this.onRoom()
  }

  /** The attributes changed: what the old ones were holding goes on at once, the rest meets the new ones. */
  change(settled: Settled): void {
    this.#released = this.#kind.releasesOnChange && this.#asked && this.#queue[0]?.data !== undefined
    this.#asked = false
    this.#effect = this.#start(settled)
    this.advance()
  }

  /**
   * The toxic was removed: what is held goes on, in order, as fast as it is taken; then `drained` is called, once. Where
   * the stream has ended it stays ended, and `drained` is not called.
   */
  remove(drained: () => void): void {
    if (this.#kind.closesOnRemoval && !this.#ended) {
      this.onClose()
      this.#end()
    }
    if (this.#ended) return
    this.#effect = { onData: () => PASS }
    this.#drained = () => {
      this.#drained = undefined
      drained()
    }
    this.advance()
  }

  /** The connection is gone, and what is held with it. */
  destroy(): void {
    this.#ended = true
    this.#clear()
  }

  /** Does one thing with the head of the queue. Returns whether there may be more to do. */
  #step(): boolean {
    const chunk = this.#queue[0]
    if (chunk?.data !== undefined && this.next?.full && !this.#kind.neverPasses) return false
    const verdict = this.#ask(chunk)
    switch (verdict.act) {
      case 'pass':
        return chunk !== undefined && this.#pass(chunk, verdict.bytes)
      case 'drop':
        this.#shift()
        return true
      case 'hold':
        if (verdict.until !== undefined) this.#cancelTimer = this.#clock.at(verdict.until, () => this.advance())
        return false
      case 'close':
        this.onClose()
        this.#end()
        return false
    }
  }

  #ask(chunk: Chunk | undefined): Verdict {
    const now = this.#clock.now()
    if (chunk === undefined) return this.#effect.onIdle?.(now) ?? HOLD
    if (this.#released) return PASS
    this.#asked = true
    return chunk.data === undefined
      ? (this.#effect.onEnd?.(chunk, now) ?? PASS)
      : this.#effect.onData(chunk.data, chunk, now)
  }

  #pass(chunk: Chunk, bytes = chunk.data?.length ?? 0): boolean {
    if (chunk.data === undefined) {
      this.#end()
      return false
    }
    this.#passed += bytes
    if (bytes >= chunk.data.length) {
      this.#shift()
      this.next?.push(chunk)
    } else {
      const piece = { data: chunk.data.subarray(0, bytes), at: chunk.at }
      chunk.data = chunk.data.subarray(bytes)
      this.#held -= bytes
      this.next?.push(piece)
    }
    return true
  }

  #shift(): void {
    this.#held -= this.#queue.shift()?.data?.length ?? 0
    this.#asked = false
    this.#released = false
  }

  #end(): void {
    this.#ended = true
    this.#clear()
    this.next?.push({ data: undefined, at: this.#clock.now() })
  }

  #clear(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#queue.length = 0
    this.#held = 0
  }

  #start(settled: Settled): Effect {
    return settled.effect({
      startedAt: this.#clock.now(),
      random: this.#random,
      passedBytes: () => this.#passed,
    })
  }
}

/** The largest chunk of the original; the capacity in bytes is as many of them as the capacity in chunks. */
const CHUNK = 32 * 1024
