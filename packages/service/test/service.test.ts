import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createService,
  HttpProblem,
  ProblemDocument,
  readEnvironment,
  type Service,
  ServiceEnvironment,
} from '../src/index.ts'
import { startTestPostgres, type TestPostgres, untilReady } from '../src/testing/index.ts'

let postgres: TestPostgres
let databaseUrl: string
let service: Service
let url: string
const forgotten: string[] = []

class TeapotError extends Error {}

beforeAll(async () => {
  postgres = await startTestPostgres()
  databaseUrl = await postgres.createDatabase('service_test')
  service = await start({ KITCHEN: '1' })
  url = await service.listen()
  await untilReady(url)
})

afterAll(async () => {
  await service?.stop()
  await postgres?.stop()
})

function start(environment: Record<string, string>): Promise<Service> {
  const all = { SERVICE_NAME: 'test', PORT: '0', DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', ...environment }
  return createService(
    {
      migrations: [
        { id: '1', sql: 'CREATE TABLE guests (name text PRIMARY KEY)' },
        { id: '2', sql: 'ALTER TABLE guests ADD COLUMN arrived timestamptz NOT NULL DEFAULT now()' },
      ],
      tables: ['guests'],
      problemOf: (error) => (error instanceof TeapotError ? new HttpProblem(418, { type: 'teapot' }) : undefined),
      routes({ app, database, onReset }) {
        onReset(() => forgotten.push('all'))
        const Guest = Type.Object({ name: Type.String({ minLength: 1 }), seats: Type.Optional(Type.Integer()) })
        app.post('/guests', { schema: { body: Guest } }, async (request, reply) => {
          await database.query('INSERT INTO guests (name) VALUES ($1)', [request.body.name])
          return reply.code(201).send({ name: request.body.name })
        })
        app.get('/guests', async () => database.query('SELECT name FROM guests'))
        app.get('/slow', () => new Promise((resolve) => setTimeout(() => resolve({ slow: true }), 300)))
        app.get('/hang', () => new Promise(() => undefined))
        app.get('/broken', () => {
          throw new Error('secret: password is kitchen')
        })
        app.get('/teapot', () => {
          throw new TeapotError()
        })
        app.get('/busy', () => {
          throw new HttpProblem(503, { detail: 'Come back.', retryAfter: 1_200 })
        })
      },
    },
    readEnvironment(ServiceEnvironment, all),
  )
}

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${url}/guests`, { method: 'POST', body, headers })

async function problem(reply: Response | Promise<Response>): Promise<ProblemDocument> {
  const { status, headers } = await reply
  expect(headers.get('content-type')).toContain('application/problem+json')
  const text = await (await reply).text()
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\.ts/)
  const document = Value.Parse(ProblemDocument, JSON.parse(text))
  expect(document.status).toBe(status)
  return document
}

test('migrations are applied once, however many start at once', async () => {
  const others = await Promise.all([start({}), start({}), start({})])
  const urls = await Promise.all(others.map((other) => other.listen()))
  await Promise.all(urls.map(untilReady))
  await Promise.all(others.map((other) => other.stop()))
})

test('live and ready, with the numbers of the pool', async () => {
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' })
  expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
    status: 'ready',
    pool: { total: expect.any(Number), idle: expect.any(Number), waiting: 0, max: 10 },
  })
})

test('the documentation is a page and an OpenAPI document with every route', async () => {
  const page = await fetch(`${url}/docs`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Swagger UI')
  expect(await (await fetch(`${url}/docs/json`)).json()).toMatchObject({
    openapi: '3.1.0',
    paths: { '/guests': { post: {} }, '/health/live': {}, '/health/ready': {} },
  })
})

test('what is wrong with a body is told item by item', async () => {
  const document = await problem(post(JSON.stringify({ name: '', seats: '2' })))
  expect(document).toMatchObject({ status: 400, type: 'urn:chaos-kitchen:problem:invalid-request' })
  expect(document.errors).toEqual([
    { pointer: '#/name', detail: expect.stringContaining('fewer than 1') },
    { pointer: '#/seats', detail: 'must be integer' },
  ])
  expect((await problem(post('{}'))).errors).toEqual([{ pointer: '#/name', detail: expect.any(String) }])
})

test.each([
  ['malformed JSON', () => post('{"name"'), 400],
  ['an empty body', () => post(''), 400],
  ['another media type', () => post('<x/>', { 'content-type': 'text/xml' }), 415],
  ['a body of 10 MB, to a caller that is still sending', () => post('x'.repeat(10_000_000)), 413],
  ['an unknown path', () => fetch(`${url}/nowhere?x=1`), 404],
  ['a path that is no path', () => fetch(`${url}/%c3`), 400],
])('%s gets a problem document', async (_name, send, status) => {
  expect((await problem(send())).status).toBe(status)
})

test('what is no HTTP gets one, too', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end('this is no HTTP\r\n\r\n')
  let reply = ''
  for await (const chunk of socket) reply += chunk
  expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(JSON.parse(reply.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400 })
})

test('an unforeseen error tells nothing of the inside', async () => {
  const document = await problem(fetch(`${url}/broken`))
  expect(document.status).toBe(500)
  expect(JSON.stringify(document)).not.toContain('secret')
})

test("a service's own errors get the reply that it gives them", async () => {
  expect(await problem(fetch(`${url}/teapot`))).toMatchObject({ status: 418, type: 'urn:chaos-kitchen:problem:teapot' })
  const busy = await fetch(`${url}/busy`)
  expect(busy.headers.get('retry-after')).toBe('2')
  expect(await problem(busy)).toMatchObject({ status: 503, detail: 'Come back.' })
})

test('a reset empties the tables and the memory', async () => {
  expect((await post(JSON.stringify({ name: 'Ada' }))).status).toBe(201)
  forgotten.length = 0
  expect((await fetch(`${url}/test/reset`, { method: 'POST' })).status).toBe(204)
  expect(await (await fetch(`${url}/guests`)).json()).toEqual([])
  expect(forgotten).toEqual(['all'])
})

test('without the kitchen there is no reset', async () => {
  const alone = await start({})
  const address = await alone.listen()
  await untilReady(address)
  expect((await fetch(`${address}/test/reset`, { method: 'POST' })).status).toBe(404)
  await alone.stop()
})

test('a stop finishes the requests that run and refuses new ones', async () => {
  const stopping = await start({})
  const address = await stopping.listen()
  await untilReady(address)
  const running = fetch(`${address}/slow`)
  await sleep(100)
  // Longer than this test may take: the connection that the reply leaves open must not hold the stop.
  const stopped = stopping.stop(60_000)
  const reply = await running
  expect([reply.status, await reply.json()]).toEqual([200, { slow: true }])
  await stopped
  await expect(fetch(`${address}/health/live`)).rejects.toThrow()
})

test('a stop cuts off what does not end in time', async () => {
  const stopping = await start({})
  const address = await stopping.listen()
  await untilReady(address)
  const hanging = fetch(`${address}/hang`)
  hanging.catch(() => undefined)
  await sleep(100)
  const began = performance.now()
  await stopping.stop(200)
  expect(performance.now() - began).toBeLessThan(5_000)
  await expect(hanging).rejects.toThrow()
})
