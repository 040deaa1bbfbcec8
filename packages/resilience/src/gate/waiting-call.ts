import type { HookedCall } from '../pipeline/hooked-call.ts'
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
  private readonly call: HookedCall
  private readonly whenDisplaced: (rank: number) => Error

  /** @param whenDisplaced makes the error, and tells of it */
  constructor(call: HookedCall, whenDisplaced: (rank: number) => Error) {
    this.call = call
    this.rank = rankOf(call)
    this.whenDisplaced = whenDisplaced
  }

  admitted(): void {
    this.timer?.cancel()
    this.call.resume()
  }

  overtaken(): boolean {
    return false
  }

  displaced(): void {
    this.refuse(this.whenDisplaced(this.rank))
  }

  refuse(error: Error): void {
    this.timer?.cancel()
    this.call.refuse(error)
  }
}
