import { PriorityQueue } from './priority-queue.ts'
import type { Waiter } from './waiter.ts'

/** A semaphore with a bounded queue. Knows nothing of calls, errors and time. */
export class Gate {
  maxConcurrent: number
  maxQueued: number
  inFlight = 0
  private readonly queue = new PriorityQueue()

  constructor(maxConcurrent: number, maxQueued: number) {
    this.maxConcurrent = maxConcurrent
    this.maxQueued = maxQueued
  }

  get queued(): number {
    return this.queue.size
  }

  /** From 0, idle, to 1: no place left, neither here nor in the queue. */
  get load(): number {
    return (this.inFlight + this.queued) / (this.maxConcurrent + this.maxQueued)
  }

  /** Takes a place if one is free. Overtakes nobody: while anyone waits, none is. */
  tryEnter(): boolean {
    if (this.inFlight >= this.maxConcurrent) return false
    this.inFlight++
    return true
  }

  /** Is the queue not full, or can one of a lower rank make room? */
  hasRoomFor(rank: number): boolean {
    return this.queue.size < this.maxQueued || this.queue.lastBehind(rank) !== undefined
  }

  /** In a full queue, takes the place of who came last of the lowest rank. Only where there is room. */
  enqueue(waiter: Waiter): void {
    const leaving = this.queue.size < this.maxQueued ? undefined : this.queue.lastBehind(waiter.rank)
    if (leaving !== undefined) this.queue.remove(leaving)
    this.queue.add(waiter)
    leaving?.displaced()
  }

  /** Takes a waiter out of the queue. */
  leaveQueue(waiter: Waiter): void {
    this.queue.remove(waiter)
  }

  /** Gives a place back; whose turn it is takes it. */
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
    while (this.inFlight < this.maxConcurrent) {
      const waiter = this.queue.take()
      if (waiter === undefined) return
      this.inFlight++
      waiter.admitted()
    }
  }
}
