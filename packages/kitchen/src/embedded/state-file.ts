import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import type { Home } from './home.ts'
import type { StageState } from './read-state.ts'

/** Written aside and renamed: a reader sees the old or the new one, never half. */
export async function writeState(home: Home, state: StageState): Promise<void> {
  const aside = `${home.stateFile}.new`
  await rm(aside, { force: true })
  await writeFile(aside, JSON.stringify(state, undefined, 2), { mode: 0o600 })
  // The mode above is cut by the umask, never widened; this holds where it was odd.
  await chmod(aside, 0o600)
  await rename(aside, home.stateFile)
}

export function removeState(home: Home): Promise<void> {
  return rm(home.stateFile, { force: true })
}
