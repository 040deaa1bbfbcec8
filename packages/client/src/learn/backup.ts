import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from './write-whole.ts'

/**
 * Replaces a person's file, after keeping it as `backups/ID/TIME.ts` in the kitchen's folder.
 *
 * @returns the backup, or undefined when the file was missing or the same already
 */
export async function replaceWithBackup(
  { file, home, id }: { file: string; home: string; id: string },
  text: string,
  now: Date = new Date(),
): Promise<string | undefined> {
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before === text) return undefined
  const folder = join(home, 'backups', id)
  const backup = join(folder, `${now.toISOString().replace(/[:.]/g, '-')}.ts`)
  if (before !== undefined) {
    await mkdir(folder, { recursive: true })
    await copyFile(file, backup)
  }
  await writeWhole(file, text)
  return before === undefined ? undefined : backup
}
