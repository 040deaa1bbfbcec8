import type { Interruption } from './interruption.ts'

/** Carries the early end of an attempt to whom it concerns: its signal, and what a wrap layer has under way. */
export class AttemptEnd {
  private interruption: Interruption | undefined
  private controller: AbortController | undefined
  private signalled: AbortSignal | undefined
  private children: Set<Interruptible> | undefined

  /**
   * Made when first asked for. Follows the caller's signal for as long as that lives: a body may be read long after the
   * call has succeeded.
   */
  signal(callers: AbortSignal | undefined): AbortSignal {
    this.signalled ??= this.makeSignal(callers)
    return this.signalled
  }

  private makeSignal(callers: AbortSignal | undefined): AbortSignal {
    this.controller = new AbortController()
    if (this.interruption !== undefined) this.controller.abort(this.interruption.error)
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
  adopt(child: Interruptible): void {
    if (this.interruption !== undefined) child.interrupt(this.interruption.error, -1, this.interruption.neutral)
    else {
      this.children ??= new Set()
      this.children.add(child)
    }
  }

  release(child: Interruptible): void {
    this.children?.delete(child)
  }
}

/** What ends with an attempt: a call inside of it, or whoever waits there. */
export interface Interruptible {
  interrupt(error: unknown, depth: number, neutral: boolean): void
}
