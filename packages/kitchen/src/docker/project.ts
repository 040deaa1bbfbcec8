import { StageError } from '../stage.ts'

export const DEFAULT_PROJECT = 'chaos-kitchen'

/** @throws StageError for a name that Compose does not take */
export function projectNamed(name: string | undefined): string {
  const project = name || DEFAULT_PROJECT
  if (/^[a-z0-9][a-z0-9_-]*$/.test(project)) return project
  throw new StageError('bad-project', {
    what: `KITCHEN_PROJECT=${project} is no name for a Compose project.`,
    meaning: 'It has lower-case letters, digits, dashes and underscores, and begins with a letter or digit.',
    remedy: ['unset KITCHEN_PROJECT    for the usual one'],
  })
}
