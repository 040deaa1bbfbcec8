import { DatabaseSync } from 'node:sqlite'

/** Held by the one process that may run or clean up the restaurant of a home. */
export interface HomeLock {
  release(): void
}

/**
 * A lock that the operating system lets go of when its holder dies, however it dies, on every platform that Node runs
 * on: SQLite's own file lock. A file with a pid in it would have to be judged stale, and two judges can disagree.
 * @returns undefined when another process holds it.
 */
export function lockHome(file: string): HomeLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
  return { release: () => database.close() }
}

const SQLITE_BUSY = 5
