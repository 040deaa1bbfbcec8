import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPool } from '../src/database/pool.ts'
import { Database, DatabaseUnavailableError } from '../src/index.ts'
import { startTestPostgres, type TestPostgres } from '../src/testing/index.ts'

let postgres: TestPostgres
let database: Database
const idleErrors: Error[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  const connectionString = await postgres.createDatabase('database_test')
  const onIdleError = (error: Error) => idleErrors.push(error)
  database = new Database(createPool({ connectionString, applicationName: 'test', max: 2, onIdleError }))
  await database.query('CREATE TABLE numbers (n integer PRIMARY KEY)')
})

afterAll(async () => {
  await database?.pool.end()
  await postgres?.stop()
})

beforeEach(async () => {
  await database.query('TRUNCATE numbers')
  idleErrors.length = 0
})

const numbers = async () =>
  (await database.query<{ n: number }>('SELECT n FROM numbers ORDER BY n')).map((row) => row.n)
const insert = 'INSERT INTO numbers VALUES ($1)'

test('a transaction commits what its work did, statements sent together included', async () => {
  const result = await database.transaction(async (connection) => {
    await Promise.all([1, 2, 3].map((n) => connection.query(insert, [n])))
    return 'done'
  })
  expect(result).toBe('done')
  expect(await numbers()).toEqual([1, 2, 3])
})

test('a transaction rolls back when its work throws, and throws the same', async () => {
  const failure = new Error('no')
  const attempt = database.transaction(async (connection) => {
    await connection.query(insert, [1])
    throw failure
  })
  await expect(attempt).rejects.toBe(failure)
  expect(await numbers()).toEqual([])
})

test('a failed statement of several sent together rolls all of them back', async () => {
  const attempt = database.transaction((connection) => Promise.all([1, 1, 2].map((n) => connection.query(insert, [n]))))
  await expect(attempt).rejects.toMatchObject({ code: '23505' })
  expect(await numbers()).toEqual([])
})

test('a failed statement that the work hides does not pass for a commit', async () => {
  const attempt = database.transaction(async (connection) => {
    await connection.query(insert, [1])
    await connection.query(insert, [1]).catch(() => undefined)
  })
  await expect(attempt).rejects.toThrow('The transaction was rolled back')
  expect(await numbers()).toEqual([])
})

test('aborting ends a statement that runs, and the pool is fit afterwards', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const slow = database.query('SELECT pg_sleep(60)', [], { signal: controller.signal })
  setTimeout(() => controller.abort(reason), 50)
  await expect(slow).rejects.toBe(reason)
  // More statements than the pool has connections: a connection that is stuck would show.
  expect(await Promise.all([1, 2, 3, 4].map(() => numbers()))).toEqual([[], [], [], []])
})

test('aborting one statement of a transaction rolls it back', async () => {
  const attempt = database.transaction(async (connection) => {
    await connection.query(insert, [1])
    await connection.query('SELECT pg_sleep(60)', [], { signal: AbortSignal.timeout(50) })
  })
  await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(await numbers()).toEqual([])
})

test.skipIf(process.platform === 'win32')('an aborted statement does not keep its locks', async () => {
  const attempt = database.transaction(async (connection) => {
    await connection.query('LOCK TABLE numbers')
    await connection.query('SELECT pg_sleep(60)', [], { signal: AbortSignal.timeout(50) })
  })
  await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' })
  await database.query(insert, [1], { signal: AbortSignal.timeout(15_000) })
})

test('aborting a transaction between two statements rolls it back', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const attempt = database.transaction(
    async (connection) => {
      await connection.query(insert, [1])
      controller.abort(reason)
      await connection.query(insert, [2])
    },
    { signal: controller.signal },
  )
  await expect(attempt).rejects.toBe(reason)
  expect(await numbers()).toEqual([])
})

test('a signal that has aborted sends nothing', async () => {
  const reason = new Error('too late')
  await expect(database.query(insert, [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(await numbers()).toEqual([])
})

test('aborting ends the wait for a free connection, and the connection is not lost', async () => {
  const { promise: free, resolve: release } = Promise.withResolvers<void>()
  const holders = [1, 2].map(() => database.transaction(() => free))
  await expect(database.query('SELECT 1', [], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  release()
  await Promise.all(holders)
  expect(await Promise.all([1, 2, 3].map(() => numbers()))).toEqual([[], [], []])
})

test('a connection that breaks in the middle of a transaction is an error of that transaction alone', async () => {
  const attempt = database.transaction(async (connection) => {
    const [row] = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await connection.query(insert, [1])
    await database.query('SELECT pg_terminate_backend($1)', [row?.pid])
    await new Promise((resolve) => setTimeout(resolve, 100))
    await connection.query(insert, [2])
  })
  await expect(attempt).rejects.toBeInstanceOf(DatabaseUnavailableError)
  expect(await numbers()).toEqual([])
})

test('an idle connection that breaks is told of and replaced', async () => {
  await Promise.all([numbers(), numbers()])
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'test' AND pid <> pg_backend_pid()`,
  )
  await expect.poll(() => idleErrors.length, { timeout: 5_000 }).toBe(1)
  expect(await Promise.all([numbers(), numbers()])).toEqual([[], []])
})

test('no server at all is told as such', async () => {
  const pool = createPool({
    connectionString: 'postgres://kitchen@127.0.0.1:1/none',
    applicationName: 'test',
    onIdleError: () => undefined,
  })
  const attempt = new Database(pool).query('SELECT 1')
  await expect(attempt).rejects.toThrow(/^The database is not available: .*ECONNREFUSED/)
  await expect(attempt).rejects.toMatchObject({ name: 'DatabaseUnavailableError', code: '08006' })
  await pool.end()
})
