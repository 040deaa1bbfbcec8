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
  private readonly list: Expiry = { at: undefined, previous: undefined, next: undefined, expire: () => {} }
  private timer: Timer | undefined

  constructor(world: World, duration: number) {
    this.world = world
    this.duration = duration
    this.list.previous = this.list
    this.list.next = this.list
  }

  add(expiry: Expiry, now: number): void {
    const { list } = this
    const last = list.previous ?? list
    expiry.at = now + this.duration
    expiry.previous = last
    expiry.next = list
    last.next = expiry
    list.previous = expiry
    if (this.timer === undefined) this.arm(this.duration)
  }

  keepAlive(): void {
    const { first } = this
    if (first !== undefined) this.world.setTimer(Math.max(0, dueAt(first) - this.world.now()), () => {})
  }

  private arm(delay: number): void {
    this.timer = this.world.setTimer(Math.max(1, Math.ceil(delay)), () => this.expire(), true)
  }

  private expire(): void {
    this.timer = undefined
    const now = this.world.now()
    let { first } = this
    while (first !== undefined && dueAt(first) <= now) {
      remove(first)
      first.expire()
      first = this.first
    }
    if (first !== undefined && this.timer === undefined) this.arm(dueAt(first) - now)
  }

  private get first(): Expiry | undefined {
    return this.list.next === this.list ? undefined : this.list.next
  }
}

/** Takes it out of its list. Does nothing for one that has expired or is out already. */
export function remove(expiry: Expiry): void {
  const { previous, next } = expiry
  if (previous === undefined || next === undefined) return
  previous.next = next
  next.previous = previous
  expiry.previous = undefined
  expiry.next = undefined
}

function dueAt(expiry: Expiry): number {
  return expiry.at ?? Number.POSITIVE_INFINITY
}

export interface Expiry {
  /** On the world's clock. Set by the list. */
  at: number | undefined
  /** Undefined while it is in no list. */
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
