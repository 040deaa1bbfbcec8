import { execFile } from 'node:child_process'
import { access, copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Exercise } from '../exercises/index.ts'
import type { Workspace } from './workspace.ts'

const run = promisify(execFile)

/**
 * An exercise's file as it was handed out: from git, and where there is none, from the copy that the first start took.
 * Undefined when neither has it.
 */
export async function shippedText(workspace: Workspace, home: string, id: string): Promise<string | undefined> {
  const { mine } = workspace.filesOf(id)
  return (await fromGit(workspace.folder, mine)) ?? (await readFile(copyOf(home, id), 'utf8').catch(() => undefined))
}

/** Takes the copies that are missing, for the day on which git is. */
export async function keepShipped(workspace: Workspace, home: string, exercises: readonly Exercise[]): Promise<void> {
  for (const { id } of exercises) {
    const { mine } = workspace.filesOf(id)
    const copy = copyOf(home, id)
    const exists = (file: string) =>
      access(file).then(
        () => true,
        () => false,
      )
    if ((await exists(copy)) || !(await exists(mine))) continue
    await mkdir(dirname(copy), { recursive: true })
    await copyFile(mine, copy)
  }
}

function copyOf(home: string, id: string): string {
  return join(home, 'shipped', id, 'place-order.ts')
}

/** HEAD: what `git restore` would bring back. */
async function fromGit(folder: string, file: string): Promise<string | undefined> {
  const path = relative(folder, file).replaceAll('\\', '/')
  try {
    const { stdout } = await run('git', ['-C', folder, 'show', `HEAD:./${path}`], { maxBuffer: 1_000_000 })
    return stdout
  } catch {
    // No git, no repository, or no such file in it.
    return undefined
  }
}
