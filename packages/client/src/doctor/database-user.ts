import { userInfo } from 'node:os'
import type { Check } from './check.ts'

/** PostgreSQL refuses to run as root: it then runs as the user postgres. Whether it starts, the next check shows. */
export const databaseUser: Check = {
  name: 'user',
  async run({ stage }) {
    const { uid, username } = userInfo()
    return {
      ok: true,
      found: uid === 0 && stage.kind === 'embedded' ? `${username}; PostgreSQL runs as postgres` : username,
    }
  },
}
