import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** When a file in one of these folders was last written, in milliseconds since the epoch. */
export async function newestChange(folders: readonly string[]): Promise<number> {
  const times = folders.map(async (folder) => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    return Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))
  })
  return Math.max(0, ...(await Promise.all(times)).flat())
}
