import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StageError } from '../stage.ts'

/** Folder of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../../../..')

/** Files of one restaurant: its state, data, logs and ledger. */
export interface Home {
  folder: string
  /** Who runs it and where; mode 600, for the token in it. */
  stateFile: string
  lockFile: string
  logs: string
  /** Data of PostgreSQL; made anew at each start. */
  data: string
  traces: string
  /** Write-ahead ledger of the disruptor. */
  ledger: string
}

/** `KITCHEN_HOME` puts a restaurant elsewhere, so that several run side by side; `.kitchen` of the repository otherwise. */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment.KITCHEN_HOME || join(REPOSITORY, '.kitchen'))
}

export function homeAt(folder: string): Home {
  return {
    folder,
    stateFile: join(folder, 'stage.json'),
    lockFile: join(folder, 'stage.lock'),
    logs: join(folder, 'logs'),
    data: join(folder, 'postgres'),
    traces: join(folder, 'traces.sqlite'),
    ledger: join(folder, 'ledger.jsonl'),
  }
}

/** What every restaurant of this machine shares: the initialised PostgreSQL folder and Node's compile cache. */
export const SHARED_FOLDER = join(REPOSITORY, '.kitchen')

/** @throws StageError when the folder cannot be written. */
export function makeHome(home: Home): void {
  try {
    mkdirSync(home.folder, { recursive: true })
    // Where we are root, PostgreSQL runs as another user, who must get through to its data. Only a folder that is just
    // becoming a restaurant's is opened, never one that was something else before.
    if (process.getuid?.() === 0 && readdirSync(home.folder).length === 0) chmodSync(home.folder, 0o711)
    mkdirSync(home.logs, { recursive: true })
  } catch (error) {
    throw new StageError('home-not-writable', {
      what: `${home.folder} cannot be written: ${error instanceof Error ? error.message : error}.`,
      meaning: 'The restaurant keeps its data, logs and state there.',
      remedy: [
        `ls -ld ${home.folder}    to see whose it is`,
        'KITCHEN_HOME=/another/folder pnpm workshop    to use another',
      ],
    })
  }
}

/** The honest naive order service that everybody starts from. */
export const STARTING_SERVICE = join(REPOSITORY, 'services/order/src/place-order.ts')
