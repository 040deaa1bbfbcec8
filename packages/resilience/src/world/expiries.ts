import type { Timer, World } from './world.ts'

/**
 * Deadlines of one and the same duration. They expire in the order in which they were added, so a list and one armed
 * timer serve any number of them: adding and removing are O(1) and touch no timer.
 *
 * The timer is a background one, since removed entries leave it armed. A process that would end while entries are
 * waited for is kept alive by a second, real timer.
 */
export class Expiries {
  private readonly world: World
  private readonly duration: number
  private head: Expiry | undefined
  private tail: Expiry | undefined
  private timer: Timer | undefined

  constructor(world: World, duration: number) {
    this.world = world
    this.duration = duration
  }

  add(expiry: Expiry, now: number): void {
    expiry.at = now + this.duration
    expiry.previous = this.tail
    if (this.tail === undefined) this.head = expiry
    else this.tail.next = expiry
    this.tail = expiry
    expiry.waiting = true
    if (this.timer === undefined) this.arm(this.duration)
  }

  remove(expiry: Expiry): void {
    if (!expiry.waiting) return
    expiry.waiting = false
    if (expiry.previous === undefined) this.head = expiry.next
    else expiry.previous.next = expiry.next
    if (expiry.next === undefined) this.tail = expiry.previous
    else expiry.next.previous = expiry.previous
    expiry.previous = undefined
    expiry.next = undefined
  }

  keepAlive(): void {
    if (this.head === undefined) return
    this.world.setTimer(Math.max(0, this.head.at - this.world.now()), () => {})
  }

  private arm(delay: number): void {
    this.timer = this.world.setTimer(Math.max(1, Math.ceil(delay)), () => this.expire(), true)
  }

  private expire(): void {
    this.timer = undefined
    const now = this.world.now()
    while (this.head !== undefined && this.head.at <= now) {
      const expiry = this.head
      this.remove(expiry)
      expiry.expire()
    }
    if (this.head !== undefined && this.timer === undefined) this.arm(this.head.at - now)
  }
}

export interface Expiry {
  at: number
  waiting: boolean
  previous: Expiry | undefined
  next: Expiry | undefined
  /** Must not throw. */
  expire(): void
}

const lists = new WeakMap<World, Map<number, Expiries>>()

/** The list of this duration; the same for everyone who asks in this world. */
export function expiriesOf(world: World, duration: number): Expiries {
  let byDuration = lists.get(world)
  if (byDuration === undefined) {
    const created = new Map<number, Expiries>()
    byDuration = created
    lists.set(world, created)
    world.onIdle(() => {
      for (const list of created.values()) list.keepAlive()
    })
  }
  let list = byDuration.get(duration)
  if (list === undefined) {
    list = new Expiries(world, duration)
    byDuration.set(duration, list)
  }
  return list
}
