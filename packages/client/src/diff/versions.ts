import { readFile } from 'node:fs/promises'
import { UsageError } from '../cli/errors.ts'
import { shippedText } from '../learn/shipped.ts'
import type { Workspace } from '../learn/workspace.ts'
import type { Version } from './compare.ts'

/** The three versions of an exercise's file. */
export interface Versions {
  /** As it was handed out; missing where nobody kept it. */
  readonly shipped: Version | undefined
  readonly mine: Version
  readonly solution: Version
}

/** @throws UsageError when a file is not there */
export async function versionsOf(workspace: Workspace, home: string, id: string): Promise<Versions> {
  const files = workspace.filesOf(id)
  const shipped = await shippedText(workspace, home, id)
  return {
    shipped: shipped === undefined ? undefined : { name: 'as handed out', text: shipped },
    mine: { name: 'your file', text: await read(files.mine, workspace) },
    solution: { name: 'solution', text: await read(files.solution, workspace) },
  }
}

async function read(file: string, workspace: Workspace): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new UsageError(`There is no ${workspace.shown(file)}.`, {
      remedy: ['pnpm workshop reset ID    brings an exercise back as it was handed out'],
    })
  }
}
