/** Someone in a queue. The links and the arrival are the queue's. */
export interface Waiter {
  previous: Waiter | undefined
  next: Waiter | undefined
  /** In the order in which all came to the queue. */
  arrival: number
  /** 0 is served first. */
  readonly rank: number
  /** It is its turn. Called once; must not throw. */
  admitted(): void
  /** One that came later goes first. @returns false when it needs not be told, or was before; must not throw */
  overtaken(): boolean
  /** Its place in the queue went to one of a better rank. Called once, and then `admitted` never is; must not throw. */
  displaced(): void
}
