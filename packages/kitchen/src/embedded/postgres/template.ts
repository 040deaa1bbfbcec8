import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { access, chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StageError } from '../../stage.ts'
import { DATABASE_USER, DATABASES } from '../../topology.ts'
import { SHARED_FOLDER } from '../home.ts'
import type { PostgresBinaries } from './binaries.ts'
import { assertReachable, giveTo, type PostgresOwner } from './owner.ts'

export interface Template {
  folder: string
  /** Superuser's password, made up once for this clone. */
  password: string
}

/**
 * An initialised cluster that has the databases. initdb takes 0.6 s and its result never differs, so it runs once for
 * this clone; each restaurant starts from a copy, never from what an earlier one left.
 */
export async function findOrMakeTemplate(
  binaries: PostgresBinaries,
  owner: PostgresOwner | undefined,
): Promise<Template> {
  const template = join(SHARED_FOLDER, `template-${binaries.version}-${process.getuid?.() ?? 'user'}`)
  if (!(await exists(template))) {
    const aside = `${template}.${process.pid}`
    await mkdir(aside, { recursive: true })
    if (owner) await assertReachable([aside, binaries.postgres], owner)
    try {
      await makeTemplate(aside, binaries, owner)
      // Another restaurant may have made it meanwhile; one is as good as the other.
      await rename(aside, template).catch(async (error) => {
        if (!(await exists(template))) throw error
      })
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
    await removeAbandoned()
  }
  return { folder: join(template, 'data'), password: await readFile(join(template, 'password'), 'utf8') }
}

/** Makes `data` a fresh copy, whatever was there. */
export async function copyTemplate(
  { folder }: Template,
  data: string,
  binaries: PostgresBinaries,
  owner: PostgresOwner | undefined,
): Promise<void> {
  // Emptied, not replaced: PostgreSQL names its shared memory by the folder's inode, and so finds and removes what a
  // killed server left.
  await mkdir(data, { recursive: true })
  if (owner) await assertReachable([data, binaries.postgres], owner)
  // Synchronous: two thousand small files one promise each take seconds beside starting services, this 0.1 s.
  for (const name of await readdir(data)) rmSync(join(data, name), { recursive: true, force: true })
  cpSync(folder, data, { recursive: true })
  await chmod(data, 0o700)
  if (owner) giveTo(owner, data)
}

async function makeTemplate(folder: string, binaries: PostgresBinaries, owner: PostgresOwner | undefined) {
  const password = randomBytes(18).toString('base64url')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (owner) giveTo(owner, folder)
  const as = { ...owner, env: { ...process.env, LC_ALL: 'C' }, cwd: folder }
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${join(folder, 'data')}`,
        `--username=${DATABASE_USER}`,
        `--pwfile=${passwordFile}`,
        // Plain over loopback: SCRAM would cost each new connection some milliseconds and keep nobody out.
        '--auth=password',
        '--encoding=UTF8',
        '--no-locale',
        '--no-sync',
        '--wal-segsize=1',
      ],
      as,
    )
    await createDatabases(join(folder, 'data'), binaries, as)
  } catch (error) {
    throw new StageError('postgres-init-failed', {
      what: `PostgreSQL could not set up its data in ${folder}: ${lastLine(error)}`,
      meaning: 'The restaurant needs a database to run.',
      remedy: ['df -h .    to see whether the disk is full', 'pnpm workshop doctor    to check this machine'],
    })
  }
}

/** Without a server: single-user mode reads statements, each ended by an empty line, from standard input. */
async function createDatabases(data: string, { postgres }: PostgresBinaries, as: object): Promise<void> {
  const child = execFile(postgres, ['--single', '-j', '-D', data, '-c', 'fsync=off', 'postgres'], as)
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  child.stdin?.end(DATABASES.map((name) => `CREATE DATABASE "${name}";\n\n`).join(''))
  const [code] = await once(child, 'close')
  if (code !== 0 || output.includes('ERROR:')) throw new Error(output)
}

/** Templates of processes that were killed on the way. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(SHARED_FOLDER)) {
    if (!/^template-.*\.\d+$/.test(name)) continue
    const path = join(SHARED_FOLDER, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > 600_000) await rm(path, { recursive: true, force: true })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.trim().split('\n').at(-1) ?? ''
}

const run = promisify(execFile)
