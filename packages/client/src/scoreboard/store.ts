import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { writeWhole } from '../report/runs.ts'
import type { Person } from './board.ts'

const People = Type.Object({
  people: Type.Array(Type.Object({ name: Type.String(), passed: Type.Record(Type.String(), Type.Number()) })),
})

/** Who passed what before, when the board was closed and opened again; nobody where nothing readable is there. */
export async function readPeople(file: string): Promise<Person[]> {
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Value.Check(People, json) ? json.people : []
  } catch {
    return []
  }
}

/** Keeps the people, one write after the other. */
export function peopleKeeper(file: string): { keep(people: readonly Person[]): void; done(): Promise<void> } {
  let writing = Promise.resolve()
  return {
    keep(people) {
      const text = `${JSON.stringify({ people }, undefined, 2)}\n`
      writing = writing.then(() => writeWhole(file, text))
      // Told by done().
      writing.catch(() => {})
    },
    done: () => writing,
  }
}
