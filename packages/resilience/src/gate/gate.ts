/** A semaphore with a bounded first-come-first-served queue. Knows nothing of calls, errors and time. */
export class Gate {
  maxConcurrent: number
  maxQueued: number
  inFlight = 0
  queued = 0
  private head: Waiter | undefined
  private tail: Waiter | undefined

  constructor(maxConcurrent: number, maxQueued: number) {
    this.maxConcurrent = maxConcurrent
    this.maxQueued = maxQueued
  }

  /** From 0, idle, to 1: no place left, neither here nor in the queue. */
  get load(): number {
    return (this.inFlight + this.queued) / (this.maxConcurrent + this.maxQueued)
  }

  /** Takes a place if one is free and nobody waits for it. Nobody can overtake the queue. */
  tryEnter(): boolean {
    if (this.inFlight >= this.maxConcurrent || this.head !== undefined) return false
    this.inFlight++
    return true
  }

  /** @returns false when the queue is full */
  tryQueue(waiter: Waiter): boolean {
    if (this.queued >= this.maxQueued) return false
    this.queued++
    waiter.previous = this.tail
    if (this.tail === undefined) this.head = waiter
    else this.tail.next = waiter
    this.tail = waiter
    return true
  }

  /** Takes a waiter out of the queue. */
  leaveQueue(waiter: Waiter): void {
    this.queued--
    if (waiter.previous === undefined) this.head = waiter.next
    else waiter.previous.next = waiter.next
    if (waiter.next === undefined) this.tail = waiter.previous
    else waiter.next.previous = waiter.previous
    waiter.previous = undefined
    waiter.next = undefined
  }

  /** Gives a place back; the first in the queue takes it. */
  leave(): void {
    this.inFlight--
    this.admit()
  }

  resize(maxConcurrent: number, maxQueued: number): void {
    this.maxConcurrent = maxConcurrent
    this.maxQueued = maxQueued
    this.admit()
  }

  private admit(): void {
    while (this.head !== undefined && this.inFlight < this.maxConcurrent) {
      const waiter = this.head
      this.leaveQueue(waiter)
      this.inFlight++
      waiter.admitted()
    }
  }
}

export interface Waiter {
  previous: Waiter | undefined
  next: Waiter | undefined
  /** Has a place from now on. Called once; must not throw. */
  admitted(): void
}
