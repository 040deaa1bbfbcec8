import { existsSync } from 'node:fs'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../cli/errors.ts'
import type { Exercise } from '../exercises/index.ts'

const MANIFESTS = 'packages/client/src/exercises'

/** A new exercise: where it is, and what its author does next. */
export interface Scaffold {
  readonly id: string
  /** Folders and files that are new, from the repository. */
  readonly made: readonly string[]
  /** The lines that put it on the ladder, for the manifest. */
  readonly importLine: string
  readonly entry: string
}

/**
 * Makes an exercise of one's own as a whole, working copy of another: whatever is changed afterwards, `verify` says what
 * does not fit any more. Nothing that exists is touched.
 *
 * @param name as `slow-tuesday`; its number is the next that is free
 * @throws UsageError for a name that can't be one, or is taken
 */
export async function scaffoldExercise(repository: string, name: string, model: Exercise): Promise<Scaffold> {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(name))
    throw new UsageError(`"${name}" is no name for an exercise.`, {
      meaning: 'Names are short, in small letters, as folders are.',
      remedy: ['pnpm workshop new-exercise slow-tuesday'],
    })
  const folders = (await readdir(join(repository, 'exercises'))).filter((folder) => /^\d\d-/.test(folder))
  const taken = folders.find((folder) => folder.slice(3) === name)
  if (taken !== undefined)
    throw new UsageError(`There is an exercise ${taken} already.`, {
      remedy: [`pnpm workshop new-exercise ${name}-2`],
    })
  const number = Math.max(0, ...folders.map((folder) => Number(folder.slice(0, 2)))) + 1
  if (number > 99) throw new UsageError('All numbers of exercises are taken.')
  return copyOf(repository, `${String(number).padStart(2, '0')}-${name}`, model.id)
}

async function copyOf(repository: string, id: string, model: string): Promise<Scaffold> {
  const made = [`exercises/${id}`, `solutions/${id}`, `${MANIFESTS}/${id}.ts`]
  const manifest = await readFile(join(repository, MANIFESTS, `${model}.ts`), 'utf8')
  const [, exported] = /^export const (\w+): Exercise = \{$/m.exec(manifest) ?? []
  if (exported === undefined || existsSync(join(repository, `${MANIFESTS}/${id}.ts`)))
    throw new UsageError(`${MANIFESTS}/${exported === undefined ? model : id}.ts can't be used.`, {
      remedy: ['pnpm workshop new-exercise NAME --from 02'],
    })
  for (const parent of ['exercises', 'solutions']) {
    await cp(join(repository, parent, model), join(repository, parent, id), { recursive: true, errorOnExist: true })
    await change(join(repository, parent, id, 'README.md'), (text) => text.replace(/^# .*$/m, titleOf(parent, id)))
  }
  const variable = `${camelCase(id.slice(3))}Exercise`
  const own = manifest.replaceAll(`'${model}'`, `'${id}'`).replaceAll(new RegExp(`\\b${exported}\\b`, 'g'), variable)
  await writeFile(join(repository, `${MANIFESTS}/${id}.ts`), own, { flag: 'wx' })
  return { id, made, importLine: `import { ${variable} } from './${id}.ts'`, entry: `${variable},` }
}

async function change(file: string, by: (text: string) => string): Promise<void> {
  await writeFile(file, by(await readFile(file, 'utf8')))
}

/** `# 13 Slow tuesday`, as the other ones begin. */
function titleOf(parent: string, id: string): string {
  const words = id.slice(3).replaceAll('-', ' ')
  return `# ${id.slice(0, 2)} ${words.charAt(0).toUpperCase()}${words.slice(1)}${parent === 'solutions' ? ', solved' : ''}`
}

function camelCase(name: string): string {
  return name.replace(/-(.?)/g, (_, letter: string) => letter.toUpperCase())
}
