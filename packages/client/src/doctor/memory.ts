import { type Check, megabytes } from './check.ts'

const NEEDED = 700e6

/** What three services, PostgreSQL, the proxies and the collector take, with room to breathe. */
export const memory: Check = {
  name: 'memory',
  async run() {
    const free = process.availableMemory()
    const ok = free >= NEEDED
    return {
      ok,
      found: `${megabytes(free)} available${ok ? '' : `, ${megabytes(NEEDED)} are needed`}`,
      ...(!ok && {
        remedy: ['Close what takes the most: browsers with many tabs, other containers, virtual machines.'],
      }),
    }
  },
}
