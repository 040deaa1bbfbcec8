import type { ExecuteOptions } from './execute-options.ts'

/** What a hook sees of the call that it stands around: its outcome and its time, and what the hook may ask for. */
export interface HookedCall {
  readonly options: ExecuteOptions
  /** 1 for the first. Whoever asks for another attempt counts it. */
  attempt: number
  readonly failed: boolean
  /** What the call came to, where it has not `failed`. */
  readonly value: unknown
  /** Why it has `failed`. */
  readonly error: unknown
  /** True when this attempt got as far as the function (or a wrap layer). */
  readonly started: boolean
  /** True when the caller itself gave up (cancelled, or its deadline passed): says nothing about the callee. */
  readonly cancelled: boolean
  /** True for the late exits of an attempt that was given up: its outcome interests nobody but the counters. */
  readonly detached: boolean
  /** When the caller stops waiting, on the world's clock, in milliseconds; Infinity: never. */
  readonly expiresAt: number
  /** When this attempt went in, on the world's clock, in milliseconds: read once, however many hooks ask. */
  enterTime(): number
  /**
   * In `enter`: the call waits until `resume` or `refuse`. When it is interrupted meanwhile, `onInterrupt` is called at
   * once (to leave the queue), and neither `resume` nor `exit` will be.
   */
  wait(onInterrupt: () => void): void
  /** Ends the wait: the layer counts as entered from now on. */
  resume(): void
  /** Ends the wait: the call is turned away. */
  refuse(error: unknown): void
  /** In `exit`: the outcome becomes this error. */
  fail(error: unknown): void
  /** In `exit`: the outcome becomes this value, or what the promise comes to. */
  recover(value: unknown): void
  /** In `exit`: everything inside of this layer runs once more, after `delay` milliseconds. */
  again(delay: number): void
  /** In `exit`: what the `exit` of the next attempt gets as its state, where `enter` is not asked again. */
  keep(state: unknown): void
}
