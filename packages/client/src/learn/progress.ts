import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { writeWhole } from './write-whole.ts'

/** What is known of one exercise; whatever a newer or older workshop keeps beside it stays. */
const ExerciseProgress = Type.Object({
  /** When it was green for the first time, as ISO 8601. */
  passedAt: Type.Optional(Type.String()),
  runs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** How many hints have been shown, by invariant. */
  hints: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
})
export type ExerciseProgress = Static<typeof ExerciseProgress>

const ProgressFile = Type.Object({ version: Type.Integer(), exercises: Type.Record(Type.String(), ExerciseProgress) })
type ProgressFile = Static<typeof ProgressFile>

/** How far a person has come: `progress.json` in the kitchen's folder, which updates of the workshop leave alone. */
export interface Progress {
  all(): Promise<Readonly<Record<string, ExerciseProgress>>>
  of(id: string): Promise<ExerciseProgress>
  /** Reads, changes and writes whole; changes of one process never overlap. */
  change(id: string, change: (before: ExerciseProgress) => ExerciseProgress): Promise<void>
}

export function openProgress(home: string): Progress {
  const file = join(home, 'progress.json')
  let changing: Promise<unknown> = Promise.resolve()
  const all = async () => (await read(file)).exercises
  return {
    all,
    of: async (id) => (await all())[id] ?? {},
    change(id, change) {
      const done = changing.then(async () => {
        const before = await read(file)
        const exercises = { ...before.exercises, [id]: change(before.exercises[id] ?? {}) }
        await writeWhole(file, `${JSON.stringify({ ...before, exercises }, undefined, 2)}\n`)
      })
      changing = done.catch(() => undefined)
      return done
    },
  }
}

export function isPassed(progress: ExerciseProgress | undefined): boolean {
  return progress?.passedAt !== undefined
}

/** A file that cannot be understood is put aside, never overwritten. */
async function read(file: string): Promise<ProgressFile> {
  const nothing = { version: 1, exercises: {} }
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return nothing
  const json = parse(text)
  if (Value.Check(ProgressFile, json)) return json
  await rename(file, `${file}.unreadable`)
  return nothing
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
