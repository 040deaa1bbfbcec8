import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import {
  DatabaseUnavailableError,
  databasePolicies,
  isRepeatable,
  ResilientPool,
  type ResilientPoolOptions,
} from '../../../src/adapters/pg/index.ts'
import {
  CircuitOpenError,
  circuitBreaker,
  constant,
  DeadlineExceededError,
  exponential,
  type Policy,
  pipeline,
  retry,
} from '../../../src/index.ts'
import { eventually } from '../eventually.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { freePort, startTestPostgres, type TestPostgres } from './test-postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startTestPostgres()
  const client = new pg.Client(postgres.config())
  await client.connect()
  await client.query('CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)')
  await client.end()
})
afterAll(() => postgres?.stop())

function open(
  options: ResilientPoolOptions & { port?: number; max?: number; pipelined?: boolean } = {},
): ResilientPool {
  const { port, max = 10, pipelined = false, ...own } = options
  const pool = new pg.Pool({ ...postgres.config(port), max, connectionTimeoutMillis: 10_000, pipeline: pipelined })
  onTestFinished(() => pool.end())
  return new ResilientPool(pool, own)
}

const through = (...policies: readonly Policy[]) => ({ pipeline: pipeline('test', policies) })
const patient = () =>
  retry({ maxAttempts: 100, backoff: exponential({ initial: 2, max: 50 }), handleError: isRepeatable })

async function setCounter(db: ResilientPool, name: string, value: number) {
  await db.query('INSERT INTO counters VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2', [name, value])
}

async function readCounter(db: ResilientPool, name: string): Promise<number | undefined> {
  return (await db.query<{ value: number }>('SELECT value FROM counters WHERE name = $1', [name])).rows[0]?.value
}

describe('transactions', () => {
  test('40001: serializable read-modify-write by many at once loses nothing', async () => {
    const db = open(through(patient()))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 12 }), async (steps) => {
        await setCounter(db, 'shared', 0)
        let runs = 0
        await Promise.all(
          steps.map((step) =>
            db.transaction(
              async (transaction) => {
                runs++
                const { rows } = await transaction.query("SELECT value FROM counters WHERE name = 'shared'")
                await transaction.query("UPDATE counters SET value = $1 WHERE name = 'shared'", [rows[0].value + step])
              },
              { isolation: 'serializable' },
            ),
          ),
        )
        expect(await readCounter(db, 'shared')).toBe(steps.reduce((sum, step) => sum + step, 0))
        expect(runs).toBeGreaterThanOrEqual(steps.length)
      }),
      { seed: Number(process.env.FC_SEED ?? 20261126), numRuns: 8 },
    )
    expect(db.metrics().used).toBe(0)
  })

  test('40P01: two that lock crosswise both come through', async () => {
    const db = open(through(patient()))
    await setCounter(db, 'a', 0)
    await setCounter(db, 'b', 0)
    const bothLocked = Promise.withResolvers<void>()
    let locked = 0
    let runs = 0
    const add = (first: string, second: string) =>
      db.transaction(async (transaction) => {
        runs++
        await transaction.query('UPDATE counters SET value = value + 1 WHERE name = $1', [first])
        if (++locked === 2) bothLocked.resolve()
        await bothLocked.promise
        await transaction.query('UPDATE counters SET value = value + 1 WHERE name = $1', [second])
      })
    await Promise.all([add('a', 'b'), add('b', 'a')])
    expect([await readCounter(db, 'a'), await readCounter(db, 'b')]).toEqual([2, 2])
    expect(runs).toBeGreaterThan(2)
  })

  test('an error of the work rolls back, is thrown as it is, and is not repeated', async () => {
    const db = open()
    let runs = 0
    const error = new Error('no')
    await setCounter(db, 'rolled back', 1)
    const sent = db.transaction(async (transaction) => {
      runs++
      await transaction.query("UPDATE counters SET value = 2 WHERE name = 'rolled back'")
      throw error
    })
    await expect(sent).rejects.toBe(error)
    expect(runs).toBe(1)
    expect(await readCounter(db, 'rolled back')).toBe(1)
    expect(db.metrics()).toMatchObject({ used: 0 })
  })

  test('a violated constraint is not repeated', async () => {
    const db = open()
    await setCounter(db, 'taken', 1)
    let runs = 0
    const sent = db.transaction(async (transaction) => {
      runs++
      await transaction.query("INSERT INTO counters VALUES ('taken', 2)")
    })
    await expect(sent).rejects.toMatchObject({ code: '23505' })
    expect(runs).toBe(1)
  })

  test('a COMMIT that PostgreSQL answers with ROLLBACK is an error', async () => {
    const db = open()
    const sent = db.transaction((transaction) => transaction.query('SELECT 1/0').catch(() => {}))
    await expect(sent).rejects.toThrow('rolled back')
  })

  test('a read-only one writes nothing; the result and the attempt are passed on', async () => {
    const db = open()
    await expect(
      db.transaction((transaction) => transaction.query('DELETE FROM counters'), { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' })
    const value = await db.transaction(async (_, { attempt }) => attempt, { isolation: 'repeatable read' })
    expectTypeOf(value).toEqualTypeOf<number>()
    expect(value).toBe(1)
  })

  test('a connection lost in the midst: run again on another', async () => {
    const db = open()
    await setCounter(db, 'cut', 0)
    let runs = 0
    await db.transaction(async (transaction) => {
      await transaction.query("UPDATE counters SET value = value + 1 WHERE name = 'cut'")
      if (++runs === 1) await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())')
    })
    expect(runs).toBe(2)
    expect(await readCounter(db, 'cut')).toBe(1)
  })

  test('a connection lost at COMMIT: the outcome is unknown, and nothing is repeated even by a pipeline that repeats everything', async () => {
    const proxy = await startCuttingProxy(postgres.port)
    const db = open({ port: proxy.port, ...through(retry({ backoff: constant(1) })) })
    await setCounter(db, 'unknown', 0)
    Object.assign(proxy, { cutAfter: 'COMMIT', cuts: 1 })
    let runs = 0
    const add = (idempotent?: boolean) =>
      db.transaction(
        async (transaction) => {
          runs++
          await transaction.query("UPDATE counters SET value = value + 1 WHERE name = 'unknown'")
        },
        { idempotent },
      )
    const error = await add().catch((error) => error)
    expect(error).toBeInstanceOf(DatabaseUnavailableError)
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', repeatable: false })
    expect(error.message).toContain('unknown')
    expect(runs).toBe(1)
    await eventually(() => readCounter(db, 'unknown')).toBe(1)

    // Whoever says that twice is as good as once is taken at their word.
    proxy.cuts = 1
    await add(true)
    expect(runs).toBe(3)
    expect(await readCounter(db, 'unknown')).toBe(3)
  })
})

describe('queries', () => {
  test('have the types of their rows', async () => {
    const { rows } = await open().query<{ n: number }>('SELECT $1::int AS n', [7])
    expectTypeOf(rows).toEqualTypeOf<{ n: number }[]>()
    expect(rows).toEqual([{ n: 7 }])
  })

  test('whose connection is lost are not repeated, unless idempotent', async () => {
    const proxy = await startCuttingProxy(postgres.port)
    const db = open({ port: proxy.port })
    await setCounter(db, 'query', 0)
    Object.assign(proxy, { cutAfter: 'value + 1', cuts: 1 })
    const add = (idempotent?: boolean) =>
      db.query("UPDATE counters SET value = value + 1 WHERE name = 'query'", [], { idempotent })
    await expect(add()).rejects.toMatchObject({ repeatable: false })
    await eventually(() => readCounter(db, 'query')).toBe(1)
    proxy.cuts = 1
    await add(true)
    await eventually(() => readCounter(db, 'query')).toBe(3)
  })

  test('refused connections open the circuit; a wrong statement does not', async () => {
    const breaker = circuitBreaker({ consecutiveFailures: 2, handleError: isUnavailable })
    const db = open({ port: await freePort(), ...through(breaker) })
    for (let index = 0; index < 2; index++) await expect(db.query('SELECT 1')).rejects.toThrow(DatabaseUnavailableError)
    await expect(db.query('SELECT 1')).rejects.toThrow(CircuitOpenError)

    const sound = circuitBreaker({ consecutiveFailures: 1, handleError: isUnavailable })
    await expect(open(through(sound)).query('SELEKT')).rejects.toMatchObject({ code: '42601' })
    expect(sound.state).toBe('closed')
    expect(databasePolicies().map(({ kind }) => kind)).toEqual(['retry', 'circuitBreaker'])
  })
})

describe('deadlines and cancels', () => {
  test('a deadline ends the call, PostgreSQL the statement, and the connection is as good as before', async () => {
    const db = open({ max: 1 })
    const observer = open()
    const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const sent = db.query('SELECT pg_sleep(60)', [], { deadline: Date.now() + 300 })
    await expect(sent).rejects.toThrow(DeadlineExceededError)
    await eventually(() => runningSleeps(observer)).toBe(0)
    await eventually(() => db.metrics().used).toBe(0)
    expect((await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows).toEqual(rows)
  })

  test('without statementTimeout the server goes on, on a connection that is closed', async () => {
    const db = open({ max: 1, statementTimeout: false })
    const sent = db.query('SELECT pg_sleep(60)', [], { deadline: Date.now() + 300 })
    await expect(sent).rejects.toThrow(DeadlineExceededError)
    await eventually(() => db.metrics().total).toBe(0)
    expect(await runningSleeps(open())).toBe(1)
  })

  test('each transaction gets what is left, and the setting ends with it', async () => {
    const db = open({ max: 1 })
    const shown = await db.transaction(
      async (transaction) => (await transaction.query('SHOW statement_timeout')).rows[0].statement_timeout,
      { deadline: Date.now() + 60_000 },
    )
    expect(shown).toMatch(/^(\d+ms|1min|\d+s)$/)
    expect((await db.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }])
  })

  test("a cancel gives the caller's reason at once, and the pool a new connection", async () => {
    const db = open({ max: 1, ...through(patient()) })
    const controller = new AbortController()
    const reason = new Error('enough')
    const sent = db.query('SELECT pg_sleep(5)', [], { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 100)
    await expect(sent).rejects.toBe(reason)
    expect((await db.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    expect(db.metrics()).toMatchObject({ total: 1, used: 0 })
  })

  test('a cancel while it waits for a connection leaves the pool whole', async () => {
    const db = open({ max: 1 })
    const first = db.query('SELECT pg_sleep(2)')
    await sleep(50)
    const controller = new AbortController()
    const second = db.query('SELECT 1', [], { signal: controller.signal })
    await eventually(() => db.metrics().waiting).toBe(1)
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    await first
    expect((await db.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }])
    expect(db.metrics()).toEqual({ total: 1, idle: 1, used: 0, waiting: 0, max: 1 })
  })
})

test('with statements in one round trip, as pg offers it: the same', async () => {
  const db = open({ max: 1, pipelined: true, ...through(patient()) })
  await setCounter(db, 'pipelined', 0)
  const deadline = Date.now() + 60_000
  await db.transaction(
    async (transaction) => {
      const add = (n: number) =>
        transaction.query("UPDATE counters SET value = value + $1 WHERE name = 'pipelined'", [n])
      await Promise.all([add(1), add(2), add(3)])
    },
    { deadline },
  )
  expect(await readCounter(db, 'pipelined')).toBe(6)
  const failing = db.transaction((transaction) => transaction.query('SELECT 1/0'), { deadline })
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  const timedOut = db.query('SELECT pg_sleep(60)', [], { deadline: Date.now() + 200 })
  await expect(timedOut).rejects.toThrow(DeadlineExceededError)
  expect(await readCounter(db, 'pipelined')).toBe(6)
})

test('an idle connection that breaks is news, not the end of the process', async () => {
  const { promise: told, resolve } = Promise.withResolvers<Error>()
  const db = open({ max: 1, onIdleError: resolve })
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  await open().query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  expect((await told).message).toContain('terminating connection')
  expect((await db.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
})

test('a wrong option is told at once', () => {
  // @ts-expect-error there is no such option
  expect(() => open({ statementTimeouts: true })).toThrow('did you mean statementTimeout')
})

function isUnavailable(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError
}

async function runningSleeps(db: ResilientPool): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(60)%'",
  )
  return rows[0]?.n ?? -1
}
