import type { Call } from '../pipeline/call.ts'
import { rankOf } from '../pipeline/priorities.ts'
import type { Timer } from '../world/world.ts'
import type { Waiter } from './waiter.ts'

/** A call in a queue: goes on when it is its turn, is turned away when it is displaced. */
export class WaitingCall implements Waiter {
  previous: Waiter | undefined = undefined
  next: Waiter | undefined = undefined
  arrival = 0
  readonly rank: number
  /** Ends the wait when it takes too long. */
  timer: Timer | undefined = undefined
  /** False once it is its turn, or it was turned away. */
  waiting = true
  private readonly call: Call
  private readonly whenDisplaced: () => Error
  private readonly whenOvertaken: (() => Timer) | undefined

  /**
   * @param whenDisplaced makes the error, and tells of it
   * @param whenOvertaken limits the wait from then on; at most once
   */
  constructor(call: Call, whenDisplaced: () => Error, whenOvertaken?: () => Timer) {
    this.call = call
    this.rank = rankOf(call)
    this.whenDisplaced = whenDisplaced
    this.whenOvertaken = whenOvertaken
  }

  admitted(): void {
    this.waiting = false
    this.timer?.cancel()
    this.call.resume()
  }

  overtaken(): boolean {
    if (this.whenOvertaken === undefined || this.timer !== undefined) return false
    this.timer = this.whenOvertaken()
    return true
  }

  displaced(): void {
    this.refuse(this.whenDisplaced())
  }

  refuse(error: Error): void {
    this.waiting = false
    this.timer?.cancel()
    this.call.refuse(error)
  }
}
