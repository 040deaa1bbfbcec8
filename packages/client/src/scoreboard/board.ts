import { nameKey, normalName } from './name.ts'

const MOST_PEOPLE = 200

export interface Person {
  readonly name: string
  /** When each exercise was passed first, in epoch milliseconds. */
  readonly passed: Readonly<Record<string, number>>
}

export type Recorded =
  | { readonly accepted: true; readonly news: boolean; readonly name: string }
  | { readonly accepted: false; readonly problem: string }

/** Who passed what. Takes only names that can be shown and exercises that exist, and no more people than fit a room. */
export interface Board {
  record(name: string, exercise: string, at: number): Recorded
  /** Who passed most comes first; of those with as many, who was first. */
  people(): Person[]
}

export function createBoard(exercises: readonly string[], earlier: readonly Person[] = []): Board {
  const people = new Map<string, { name: string; passed: Record<string, number> }>()
  const board: Board = {
    record(text, exercise, at) {
      const name = normalName(text)
      if (name === undefined) return { accepted: false, problem: 'This name can not be shown.' }
      if (!exercises.includes(exercise)) return { accepted: false, problem: 'There is no such exercise.' }
      const key = nameKey(name)
      const person = people.get(key) ?? { name, passed: {} }
      if (!people.has(key) && people.size >= MOST_PEOPLE)
        return { accepted: false, problem: `The board is full: ${MOST_PEOPLE} people.` }
      people.set(key, person)
      const news = person.passed[exercise] === undefined
      if (news) person.passed[exercise] = at
      return { accepted: true, news, name: person.name }
    },
    people: () => [...people.values()].sort((a, b) => count(b) - count(a) || last(a) - last(b)),
  }
  for (const { name, passed } of earlier)
    for (const [exercise, at] of Object.entries(passed)) board.record(name, exercise, at)
  return board
}

function count({ passed }: Person): number {
  return Object.keys(passed).length
}

function last({ passed }: Person): number {
  return Math.max(0, ...Object.values(passed))
}
