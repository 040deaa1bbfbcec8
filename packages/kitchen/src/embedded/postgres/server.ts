import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { killTree, type ProcessTargetOptions } from '@chaos-kitchen/disruptor/processes'
import pg from 'pg'
import { DATABASE_USER } from '../../topology.ts'
import { HOST } from '../layout.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { PostgresOwner } from './owner.ts'

export interface PostgresOptions {
  binaries: PostgresBinaries
  owner: PostgresOwner | undefined
  data: string
  port: number
  password: string
  /** File descriptor for what the server prints. */
  log(): number
}

/** The real server as a process that can be started, stopped, killed and frozen. */
export function postgresProcess(options: PostgresOptions): Omit<ProcessTargetOptions, 'onExit' | 'onSpawn'> {
  const { binaries, owner, data, port, log } = options
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return {
    name: 'postgres',
    spawn: () =>
      spawn(binaries.postgres, ['-D', data, '-p', String(port), ...settings], {
        ...owner,
        cwd: data,
        env: { ...process.env, LC_ALL: 'C' },
        stdio: ['ignore', log(), log()],
      }),
    // Each connection is a process of its own.
    tree: true,
    askToStop(child) {
      // Fast shutdown: SIGTERM would wait until every client has gone.
      if (process.platform !== 'win32') child.kill('SIGINT')
      else if (child.pid !== undefined) killTree(child.pid)
    },
    ready: (signal) => postgresReady(options, signal),
  }
}

const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '32MB',
  // Loses nothing when processes die, only when the operating system does; and each start makes the data anew.
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  // Fewer processes to start, and to freeze.
  io_method: 'sync',
  jit: 'off',
  // In the data folder, so that a killed server leaves nothing in /dev/shm.
  dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
}

/** Resolves once the server answers a statement; rejects when the signal aborts. */
export async function postgresReady(
  { port, password }: Pick<PostgresOptions, 'port' | 'password'>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const client = new pg.Client({
      host: HOST,
      port,
      user: DATABASE_USER,
      password,
      database: 'postgres',
      connectionTimeoutMillis: 1_000,
    })
    // A connection that breaks later is news for the next look, not an exception.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT 1')
      return
    } catch {
      // Not yet: refused while it starts, "the database system is starting up" while it recovers.
      await sleep(20, undefined, { signal })
    } finally {
      client.end().catch(() => undefined)
    }
  }
}
