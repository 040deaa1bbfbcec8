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
  private readonly armed: Set<Expiries>
  private timer: Timer | undefined

  constructor(world: World, duration: number, armed: Set<Expiries>) {
    this.world = world
    this.duration = duration
    this.armed = armed
    this.list.previous = this.list
    this.list.next = this.list
  }

  /** @returns when it expires */
  add(expiry: Expiry, now: number): number {
    const { list } = this
    const last = list.previous ?? list
    const at = now + this.duration
    expiry.at = at
    expiry.previous = last
    expiry.next = list
    last.next = expiry
    list.previous = expiry
    if (this.timer === undefined) this.arm(this.duration)
    return at
  }

  keepAlive(): void {
    const { first } = this
    if (first !== undefined) this.world.setTimer(Math.max(0, dueAt(first) - this.world.now()), () => {})
  }

  private arm(delay: number): void {
    this.armed.add(this)
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
    if (this.timer !== undefined) return
    if (first === undefined) this.armed.delete(this)
    else this.arm(dueAt(first) - now)
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

interface Lists {
  /** Weakly, as durations may be many and come and go. */
  byDuration: Map<number, WeakRef<Expiries>>
  /** Those with entries, or that had some until lately. */
  armed: Set<Expiries>
}

const listsOf = new WeakMap<World, Lists>()
const unused = new FinalizationRegistry<() => void>((forget) => forget())

/** The list of this duration; the same for everyone who asks in this world. */
export function expiriesOf(world: World, duration: number): Expiries {
  const { byDuration, armed } = listsOf.get(world) ?? createLists(world)
  const known = byDuration.get(duration)?.deref()
  if (known !== undefined) return known
  const list = new Expiries(world, duration, armed)
  const reference = new WeakRef(list)
  byDuration.set(duration, reference)
  unused.register(list, () => {
    if (byDuration.get(duration) === reference) byDuration.delete(duration)
  })
  return list
}

function createLists(world: World): Lists {
  const lists: Lists = { byDuration: new Map(), armed: new Set() }
  listsOf.set(world, lists)
  world.onIdle(() => {
    for (const list of lists.armed) list.keepAlive()
  })
  return lists
}
