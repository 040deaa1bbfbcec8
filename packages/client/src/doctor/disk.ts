import { mkdir, statfs } from 'node:fs/promises'
import { type Check, megabytes } from './check.ts'

const NEEDED = 500e6

/** For PostgreSQL's files, traces and reports. */
export const disk: Check = {
  name: 'disk',
  async run({ stage }) {
    const { folder } = stage.home
    await mkdir(folder, { recursive: true })
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const ok = free >= NEEDED
    return {
      ok,
      found: `${megabytes(free)} free in ${folder}`,
      ...(!ok && {
        remedy: [`${megabytes(NEEDED)} are needed; KITCHEN_HOME=/another/folder pnpm workshop uses another disk`],
      }),
    }
  },
}
