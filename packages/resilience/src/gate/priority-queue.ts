import type { Waiter } from './waiter.ts'

/**
 * So often in a row the one that has waited longest may be overtaken. Without such a rule a steady stream of important
 * calls would keep the others waiting for nothing; with it, the important ones give up a ninth of the turns at most.
 */
export const MOST_OVERTAKEN = 8

/** Waiters by rank, first come first served within one. No operation takes longer for a longer queue. */
export class PriorityQueue {
  size = 0
  /** One for each rank seen so far. */
  private readonly lines: Line[] = []
  private arrivals = 0
  private overtakings = 0

  add(waiter: Waiter): void {
    while (this.lines.length <= waiter.rank) this.lines.push(new Line())
    waiter.arrival = ++this.arrivals
    this.lines[waiter.rank]?.add(waiter)
    this.size++
    this.tellOvertaken(waiter.rank)
  }

  remove(waiter: Waiter): void {
    this.lines[waiter.rank]?.remove(waiter)
    this.size--
  }

  /** Takes out whose turn it is. */
  take(): Waiter | undefined {
    if (this.size === 0) return undefined
    const waiter = this.next()
    if (waiter === undefined) return undefined
    this.overtakings = waiter === this.oldest() ? 0 : this.overtakings + 1
    this.remove(waiter)
    return waiter
  }

  /** Of the lowest rank, if that is lower than `rank`, who came last: has waited least for what matters least. */
  lastBehind(rank: number): Waiter | undefined {
    for (let index = this.lines.length - 1; index > rank; index--) {
      const last = this.lines[index]?.last
      if (last !== undefined) return last
    }
    return undefined
  }

  /** How many are of this rank or a better one. */
  ahead(rank: number): number {
    let count = 0
    for (let index = 0; index <= rank; index++) count += this.lines[index]?.size ?? 0
    return count
  }

  /** From the back, as all before one that knows already do so too: each is told once. */
  private tellOvertaken(rank: number): void {
    for (let index = rank + 1; index < this.lines.length; index++)
      for (let behind = this.lines[index]?.last; behind?.overtaken(); ) behind = behind.previous
  }

  private next(): Waiter | undefined {
    if (this.overtakings >= MOST_OVERTAKEN) return this.oldest()
    for (const { first } of this.lines) if (first !== undefined) return first
    return undefined
  }

  private oldest(): Waiter | undefined {
    let oldest: Waiter | undefined
    for (const { first } of this.lines)
      if (first !== undefined && (oldest === undefined || first.arrival < oldest.arrival)) oldest = first
    return oldest
  }
}

class Line {
  first: Waiter | undefined = undefined
  last: Waiter | undefined = undefined
  size = 0

  add(waiter: Waiter): void {
    waiter.previous = this.last
    if (this.last === undefined) this.first = waiter
    else this.last.next = waiter
    this.last = waiter
    this.size++
  }

  remove(waiter: Waiter): void {
    if (waiter.previous === undefined) this.first = waiter.next
    else waiter.previous.next = waiter.next
    if (waiter.next === undefined) this.last = waiter.previous
    else waiter.next.previous = waiter.previous
    waiter.previous = undefined
    waiter.next = undefined
    this.size--
  }
}
