import { observePool } from '@chaos-kitchen/telemetry'
import type { FastifyBaseLogger } from 'fastify'
import { Database } from './database/database.ts'
import type { Migration } from './database/migrate.ts'
import { createPool } from './database/pool.ts'
import type { ServiceEnvironment } from './environment.ts'
import { createApp, type ServiceApp } from './http/app.ts'
import { serveDocumentation } from './http/documentation.ts'
import { type ErrorMapping, handleErrors } from './http/error-handling.ts'
import { type Readiness, serveHealth } from './http/health.ts'
import { holdRequestsUntil } from './http/hold-requests.ts'
import { serveReset } from './http/reset.ts'
import { FatalError } from './lifecycle/fatal.ts'
import { startDatabase } from './lifecycle/start-database.ts'
import { serveRehearsal } from './rehearsal/serve-rehearsal.ts'

export interface ServiceDefinition<Environment extends ServiceEnvironment> {
  migrations: Migration[]
  /** The service's own tables with what guests brought; `POST /test/reset` empties them. */
  tables: string[]
  /** Gives the service's own errors the reply that they deserve. */
  problemOf?: ErrorMapping
  /** By which callers tell for how many more milliseconds they wait, in lower case; rehearsals tell of it. */
  deadlineHeader?: string
  /** Adds the routes, once, before the service listens. */
  routes(context: ServiceContext<Environment>): void
}

export interface ServiceContext<Environment extends ServiceEnvironment> {
  app: ServiceApp
  database: Database
  environment: Environment
  log: FastifyBaseLogger
  /** Runs from when the database is ready until the service stops; `work` has to end when its signal aborts. */
  inBackground(work: (signal: AbortSignal) => Promise<void>): void
  /** Called after the tables were emptied: what the process itself remembers has to go, too. */
  onReset(forget: () => void): void
}

export interface Service {
  /** @returns the address, as `http://127.0.0.1:8080` */
  listen(): Promise<string>
  /**
   * Refuses new requests, finishes those that run, then ends everything. Whoever still runs after `grace`
   * milliseconds is cut off. Again: does nothing.
   */
  stop(grace?: number): Promise<void>
}

export const DEFAULT_GRACE = 5_000
/** What cut-off requests get to clean up after themselves. */
const CUT_OFF_GRACE = 1_000

/** A service without its process: knows no signals and never exits. `runService` adds these. */
export async function createService<Environment extends ServiceEnvironment>(
  definition: ServiceDefinition<Environment>,
  environment: Environment,
): Promise<Service> {
  const { SERVICE_NAME: name, HOST: host, PORT: port } = environment
  const app = createApp(name, environment.LOG_LEVEL)
  const pool = createPool({
    connectionString: environment.DATABASE_URL,
    applicationName: name,
    onIdleError: (error) => app.log.warn({ err: error }, 'an idle database connection broke'),
  })
  const database = new Database(pool)
  const stopping = new AbortController()
  const background: (() => Promise<void>)[] = []
  const forgetters: (() => void)[] = []
  let state: Readiness['status'] = 'starting'

  handleErrors(app, definition.problemOf)
  await serveDocumentation(app, name)
  serveHealth(app, database, () => (state === 'ready' ? undefined : { status: state }))
  if (environment.KITCHEN === '1') {
    forgetters.push(serveRehearsal(app, definition.deadlineHeader))
    serveReset(app, database, definition.tables, () => {
      for (const forget of forgetters) forget()
    })
  }
  await app.register(async (scope) => {
    holdRequestsUntil(scope, () => state !== 'starting')
    definition.routes({
      app: scope,
      database,
      environment,
      log: app.log,
      inBackground: (work) => background.push(() => work(stopping.signal)),
      onReset: (forget) => forgetters.push(forget),
    })
  })

  const unobserve = observePool(pool, name)
  let running: Promise<unknown> = Promise.resolve()
  return {
    async listen() {
      const address = await app
        .listen({ host, port })
        .catch((error) => explainListenError(error, environment.KITCHEN === '1'))
      running = startDatabase(database, definition.migrations, app.log, stopping.signal).then(() => {
        if (stopping.signal.aborted) return undefined
        state = 'ready'
        app.log.info({ address }, 'ready')
        return Promise.all(background.map((start) => start()))
      })
      return address
    },
    async stop(grace = DEFAULT_GRACE) {
      if (state === 'stopping') return
      state = 'stopping'
      stopping.abort()
      const cutOff = setTimeout(() => app.server.closeAllConnections(), grace)
      // A connection whose last reply went out while closing stays open for the next request, which never comes.
      const idle = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY)
      // Work that ignores its signal, or a statement that hangs, must not keep the process.
      await atMost(
        grace + CUT_OFF_GRACE,
        app
          .close()
          .then(() => running)
          .then(() => pool.end()),
      )
      clearTimeout(cutOff)
      clearInterval(idle)
      unobserve()
    },
  }
}

const CLOSE_IDLE_EVERY = 50

function explainListenError(error: NodeJS.ErrnoException, inKitchen: boolean): never {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
  throw new FatalError({
    code: 'PORT_TAKEN',
    message: `The service can't listen: ${error.message}.`,
    hint: inKitchen
      ? 'The kitchen gave it a free port: does the file itself listen there?'
      : 'Set PORT to a free port, or end the process that holds this one.',
  })
}

async function atMost(limit: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limit)
  await Promise.race([work, late])
  clearTimeout(timer)
}
