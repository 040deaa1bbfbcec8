import { execFile } from 'node:child_process'
import { chownSync, readdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { StageError } from '../../stage.ts'

const run = promisify(execFile)

/** Whom PostgreSQL runs as; undefined: as ourselves. */
export interface PostgresOwner {
  uid: number
  gid: number
}

/**
 * PostgreSQL refuses to run as root. Where we are root (containers, dev containers, CI), it runs as the user
 * `postgres`, who is made where missing.
 */
export async function postgresOwner(): Promise<PostgresOwner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  return (await findUser()) ?? (await makeUser())
}

/**
 * @throws StageError when a folder on the way cannot be entered by that user, as in a home of mode 700. Its mode is
 * the person's own decision, so nothing is loosened here.
 */
export async function assertReachable(paths: string[], owner: PostgresOwner): Promise<void> {
  for (const path of paths) {
    for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
      const { mode, uid, gid } = await stat(folder)
      const enter = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
      if ((mode & enter) === 0) throw unreachable(folder)
    }
  }
}

/** Gives a folder and all in it to that user. */
export function giveTo(owner: PostgresOwner, folder: string): void {
  for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chownSync(join(folder, path), owner.uid, owner.gid)
}

async function findUser(): Promise<PostgresOwner | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, USER])).stdout)),
    )
    return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid }
  } catch {
    return undefined
  }
}

async function makeUser(): Promise<PostgresOwner> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', USER])
  } catch {
    // BusyBox systems have adduser instead; whether either worked is seen below.
    await run('adduser', ['-S', '-D', '-H', USER]).catch(() => undefined)
  }
  const made = await findUser()
  if (made !== undefined) return made
  throw new StageError('no-postgres-user', {
    what: `The user ${USER} does not exist and cannot be made.`,
    meaning: 'You are root, and PostgreSQL refuses to run as root.',
    remedy: ['useradd --system postgres    to make the user', 'or run the workshop as an ordinary user'],
  })
}

function unreachable(folder: string): StageError {
  return new StageError('home-unreachable', {
    what: `The user ${USER} cannot enter ${folder}.`,
    meaning: 'You are root; PostgreSQL refuses to run as root, so it runs as that user, who must reach this folder.',
    remedy: [
      'Run the workshop as an ordinary user, or clone it to a folder that everybody may enter:',
      '  git clone . /opt/chaos-kitchen && cd /opt/chaos-kitchen && pnpm workshop',
    ],
  })
}

const USER = 'postgres'
