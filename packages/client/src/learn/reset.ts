import { readFile } from 'node:fs/promises'
import { UsageError } from '../cli/errors.ts'
import { replaceWithBackup } from './backup.ts'
import { shippedText } from './shipped.ts'
import type { Workspace } from './workspace.ts'

export interface ResetResult {
  /** False when the file was as shipped already. */
  readonly changed: boolean
  /** Where the person's version is kept. */
  readonly backup?: string
}

/**
 * The exercise as it was handed out; what was there is backed up first.
 * @throws UsageError when nobody knows how it was handed out
 */
export async function resetExercise(workspace: Workspace, home: string, id: string): Promise<ResetResult> {
  const { mine } = workspace.filesOf(id)
  const text = await shippedText(workspace, home, id)
  if (text === undefined)
    throw new UsageError(`${workspace.shown(mine)} as it was handed out is not to be found.`, {
      meaning: 'It is taken from git, or from the copy of the first start; there is neither.',
      remedy: ['Copy the file from a fresh download of the workshop.'],
    })
  const before = await readFile(mine, 'utf8').catch(() => undefined)
  const backup = await replaceWithBackup({ file: mine, home, id }, text)
  return { changed: before !== text, ...(backup !== undefined && { backup }) }
}
