import type { Clock } from '../../src/clock.ts'

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  #now = 0
  readonly #tasks = new Set<{ readonly time: number; readonly task: () => void }>()

  now(): number {
    return this.#now
  }

  at(time: number, task: () => void): () => void {
    const entry = { time, task }
    this.#tasks.add(entry)
    return () => this.#tasks.delete(entry)
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#tasks.size
  }

  /** Lets time pass up to `time`, task by task. */
  advanceTo(time: number): void {
    for (;;) {
      const due = [...this.#tasks].filter((entry) => entry.time <= time).toSorted((a, b) => a.time - b.time)[0]
      if (due === undefined) break
      this.#tasks.delete(due)
      this.#now = Math.max(this.#now, due.time)
      due.task()
    }
    this.#now = Math.max(this.#now, time)
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + ms)
  }
}
