import type { EventListener, ResilienceEvent } from './events.ts'

/** A list of listeners. None of them can change an outcome: one that throws is reported as a process warning. */
export class Emitter {
  private listeners: readonly EventListener[] = []
  private readonly parent: Emitter | undefined

  constructor(parent?: Emitter) {
    this.parent = parent
  }

  get observed(): boolean {
    return this.listeners.length > 0 || (this.parent !== undefined && this.parent.listeners.length > 0)
  }

  /** @returns a function that takes the listener away again */
  subscribe(listener: EventListener): () => void {
    const own: EventListener = (event) => listener(event)
    this.listeners = [...this.listeners, own]
    return () => {
      this.listeners = this.listeners.filter((other) => other !== own)
    }
  }

  emit(event: ResilienceEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event)
      } catch (error) {
        report(error)
      }
    }
    this.parent?.emit(event)
  }
}

function report(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  globalThis.process?.emitWarning(`A listener of resilience events threw. No call was affected. ${reason}`)
}
