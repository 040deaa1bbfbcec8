import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Replaces a file so that a reader, and a machine that goes down, sees the old text or the new one, never a part. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(draft, text)
    await replace(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

const TRIES = 5

/** On Windows a reader or a virus scanner may hold the file for a moment. */
async function replace(draft: string, file: string): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      return await rename(draft, file)
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EBUSY')
      if (!busy || attempt === TRIES) throw error
      await sleep(50 * attempt)
    }
}
