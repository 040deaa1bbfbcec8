import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_OVERTAKEN, PriorityQueue } from '../../src/gate/priority-queue.ts'
import type { Waiter } from '../../src/gate/waiter.ts'
import { check } from '../check.ts'

class Person implements Waiter {
  previous: Waiter | undefined = undefined
  next: Waiter | undefined = undefined
  arrival = 0
  readonly rank: number

  constructor(rank: number) {
    this.rank = rank
  }

  isOvertaken = false

  admitted(): void {}

  overtaken(): boolean {
    if (this.isOvertaken) return false
    this.isOvertaken = true
    return true
  }

  displaced(): void {}
}

/** The same rules, said plainly over one array in the order of arrival. */
class Reference {
  people: Person[] = []
  private overtakings = 0

  take(): Person | undefined {
    const [oldest] = this.people
    const best = this.people.toSorted((a, b) => a.rank - b.rank)[0]
    const taken = this.overtakings === MOST_OVERTAKEN ? oldest : best
    if (taken === undefined) return undefined
    this.overtakings = taken === oldest ? 0 : this.overtakings + 1
    this.remove(taken)
    return taken
  }

  remove(person: Waiter): void {
    this.people = this.people.filter((other) => other !== person)
  }

  lastBehind(rank: number): Person | undefined {
    const lowest = Math.max(...this.people.map((person) => person.rank))
    return lowest > rank ? this.people.findLast((person) => person.rank === lowest) : undefined
  }
}

const rank = fc.integer({ min: 0, max: 3 })
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ step: fc.constant('add' as const), rank }) },
    { weight: 3, arbitrary: fc.record({ step: fc.constant('take' as const), rank }) },
    { weight: 1, arbitrary: fc.record({ step: fc.constant('leave' as const), rank, which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ step: fc.constant('displace' as const), rank }) },
  ),
  { maxLength: 120, size: 'max' },
)

test('a priority queue is what its rules say, whatever happens to it', async () => {
  await check(
    fc.asyncProperty(steps, async (history) => {
      const queue = new PriorityQueue()
      const reference = new Reference()
      for (const each of history) {
        if (each.step === 'add') {
          const person = new Person(each.rank)
          const overtaken = new Set(reference.people.filter((other) => other.isOvertaken || other.rank > person.rank))
          queue.add(person)
          for (const other of reference.people) expect(other.isOvertaken).toBe(overtaken.has(other))
          reference.people.push(person)
        } else if (each.step === 'take') expect(queue.take()).toBe(reference.take())
        else {
          const leaving =
            each.step === 'leave'
              ? reference.people[each.which % Math.max(1, reference.people.length)]
              : reference.lastBehind(each.rank)
          if (each.step === 'displace') expect(queue.lastBehind(each.rank)).toBe(leaving)
          if (leaving === undefined) continue
          queue.remove(leaving)
          reference.remove(leaving)
        }
        expect(queue.size).toBe(reference.people.length)
        expect(queue.ahead(each.rank)).toBe(reference.people.filter((person) => person.rank <= each.rank).length)
      }
    }),
    500,
  )
})

test('nobody starves: each that came before costs nine turns at most', async () => {
  const arrivals = fc.array(fc.array(rank, { maxLength: 4 }), { minLength: 1, maxLength: 200, size: 'max' })
  await check(
    fc.asyncProperty(arrivals, async (rounds) => {
      const queue = new PriorityQueue()
      const latest = new Map<Waiter, number>()
      let turn = 0
      const serve = () => {
        const taken = queue.take()
        if (taken === undefined) return
        turn++
        expect(turn).toBeLessThanOrEqual(latest.get(taken) ?? 0)
        latest.delete(taken)
      }
      for (const round of rounds) {
        for (const each of round) {
          const person = new Person(each)
          queue.add(person)
          latest.set(person, turn + (MOST_OVERTAKEN + 1) * queue.size)
        }
        serve()
      }
      while (queue.size > 0) serve()
      expect(latest.size).toBe(0)
    }),
    200,
  )
})
