import { join, relative, resolve } from 'node:path'
import { REPOSITORY } from '../cli/repository.ts'

/** Where the exercises and solutions of a person lie. */
export interface Workspace {
  readonly folder: string
  filesOf(id: string): ExerciseFiles
  /** A path as a person would type it here. */
  shown(file: string): string
}

export interface ExerciseFiles {
  /** The one that is edited. */
  readonly mine: string
  readonly readme: string
  readonly hints: string
  readonly solution: string
  readonly solutionReadme: string
}

/** The repository, or the folder that `KITCHEN_WORKSPACE` names. */
export function openWorkspace(folder: string = process.env.KITCHEN_WORKSPACE || REPOSITORY): Workspace {
  const root = resolve(folder)
  return {
    folder: root,
    filesOf: (id) => ({
      mine: join(root, 'exercises', id, 'place-order.ts'),
      readme: join(root, 'exercises', id, 'README.md'),
      hints: join(root, 'exercises', id, 'hints.md'),
      solution: join(root, 'solutions', id, 'place-order.ts'),
      solutionReadme: join(root, 'solutions', id, 'README.md'),
    }),
    shown(file) {
      const inside = relative(root, file)
      return inside.startsWith('..') ? file : inside.replaceAll('\\', '/')
    },
  }
}
