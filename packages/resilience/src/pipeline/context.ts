import type { Call, Interruption } from './call.ts'
import type { Priority } from './execute-options.ts'

/** What the protected function gets: one for each attempt. */
export interface CallContext {
  /**
   * Aborts when nobody waits for this attempt any more: its timeout fired, the deadline passed, the caller cancelled,
   * or a hedged sibling won. The reason is the error that the caller sees. After success it aborts only when the caller's
   * own signal does. Made when first touched.
   */
  readonly signal: AbortSignal
  /** When the caller stops waiting, in epoch milliseconds, timeouts included; undefined where nothing limits it. */
  readonly deadline: number | undefined
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly pipeline: string
  readonly priority: Priority
  /** False when the caller said that the function must not run twice. */
  readonly idempotent: boolean
  /** What the call is about, for policies that share or keep results. */
  readonly key: string | undefined
}

export class AttemptContext implements CallContext {
  readonly attempt: number
  private readonly call: Call
  private controller: AbortController | undefined
  private signalled: AbortSignal | undefined
  private interruption: Interruption | undefined
  private children: Set<Call> | undefined
  private readonly limit: number | undefined

  constructor(call: Call) {
    this.call = call
    this.attempt = call.attempt
    this.limit = call.limit
  }

  get signal(): AbortSignal {
    this.signalled ??= this.makeSignal()
    return this.signalled
  }

  get deadline(): number | undefined {
    if (this.limit === undefined) return undefined
    const { world } = this.call.segment
    return Math.round(world.epoch() + this.limit - world.now())
  }

  get pipeline(): string {
    return this.call.segment.pipeline
  }

  get priority(): Priority {
    return this.call.options.priority ?? 'normal'
  }

  get idempotent(): boolean {
    return this.call.options.idempotent ?? true
  }

  get key(): string | undefined {
    return this.call.options.key
  }

  /** Follows the caller's signal for as long as that lives: a body may be read long after the call has succeeded. */
  private makeSignal(): AbortSignal {
    this.controller = new AbortController()
    if (this.interruption !== undefined) this.controller.abort(this.interruption.error)
    const callers = this.call.options.signal
    return callers === undefined ? this.controller.signal : AbortSignal.any([callers, this.controller.signal])
  }

  abort(interruption: Interruption): void {
    if (this.interruption !== undefined) return
    this.interruption = interruption
    const { error, neutral } = interruption
    this.controller?.abort(error)
    for (const child of this.children ?? []) child.interrupt(error, -1, neutral)
  }

  /** The child ends early when this attempt does. */
  adopt(child: Call): void {
    if (this.interruption !== undefined) child.interrupt(this.interruption.error, -1, this.interruption.neutral)
    else {
      this.children ??= new Set()
      this.children.add(child)
    }
  }

  release(child: Call): void {
    this.children?.delete(child)
  }
}
