import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { request } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApp, type ServiceApp } from '../src/http/app.ts'
import { handleErrors } from '../src/http/error-handling.ts'
import type { LoggedRequest } from '../src/rehearsal/request-log.ts'
import { serveRehearsal } from '../src/rehearsal/serve-rehearsal.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

let app: ServiceApp
let url: string
let forget: () => void

beforeEach(async () => {
  app = createApp('menu', 'silent')
  handleErrors(app)
  forget = serveRehearsal(app, 'x-patience-ms')
  app.get('/items/:id', { schema: { response: { 200: Type.Object({ ok: Type.Boolean() }) } } }, () => ({ ok: true }))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(() => app.close())

test('tells which requests of guests arrived, when, and how they ended', async () => {
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`
  await (await request(`${url}/items/burger?x=1`, { headers: { traceparent } })).body.dump()
  await (await request(`${url}/items/nothing/there`, { headers: { 'x-patience-ms': '250' } })).body.dump()
  await behave({})

  const [first, second, third] = await requests()
  expect(first).toMatchObject({ method: 'GET', path: '/items/burger', status: 200, traceId: TRACE })
  expect(first!.to).toBeGreaterThanOrEqual(first!.from)
  expect(second).toMatchObject({ path: '/items/nothing/there', status: 404, deadline: 250 })
  expect(first).not.toHaveProperty('deadline')
  expect(third).toBeUndefined()
})

test('a caller that goes away leaves a request with an end and without a status', async () => {
  await behave({ delay: 3_000 })
  const caller = new AbortController()
  const call = request(`${url}/items/burger`, { signal: caller.signal })
  await expect.poll(requests, { timeout: 20_000 }).toHaveLength(1)
  caller.abort()
  await expect(call).rejects.toThrow()
  await expect.poll(async () => (await requests())[0]?.to, { timeout: 20_000 }).toBeGreaterThan(0)
  expect((await requests())[0]).not.toHaveProperty('status')
})

test('answers with a status and Retry-After, for one path alone, so many times', async () => {
  await behave({ path: '/items/burger', status: 503, retryAfter: 2_000, times: 2 })
  expect((await request(`${url}/items/fries`)).statusCode).toBe(200)
  const refused = await request(`${url}/items/burger`)
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('2')
  expect((await request(`${url}/items/burger`)).statusCode).toBe(503)
  expect((await request(`${url}/items/burger`)).statusCode).toBe(200)
})

test('resets a connection', async () => {
  await behave({ reset: true, times: 1 })
  await expect(request(`${url}/items/burger`)).rejects.toThrow(/ECONNRESET|other side closed/)
  expect((await request(`${url}/items/burger`)).statusCode).toBe(200)
})

test('ends by DELETE and by a reset of the service', async () => {
  await behave({ status: 500 })
  await (await request(`${url}/test/behaviour`, { method: 'DELETE' })).body.dump()
  expect((await request(`${url}/items/burger`)).statusCode).toBe(200)
  await behave({ status: 500 })
  forget()
  expect((await request(`${url}/items/burger`)).statusCode).toBe(200)
  expect(await requests()).toHaveLength(1)
})

test('refuses a behaviour that it does not know', async () => {
  const response = await request(`${url}/test/behaviour`, put({ status: 200 }))
  expect(response.statusCode).toBe(400)
  expect(response.headers['content-type']).toContain('application/problem+json')
})

async function behave(behaviour: object): Promise<void> {
  expect((await request(`${url}/test/behaviour`, put(behaviour))).statusCode).toBe(204)
}

function put(body: object) {
  return { method: 'PUT' as const, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function requests(): Promise<LoggedRequest[]> {
  await sleep(20)
  const { body } = await request(`${url}/test/requests`)
  return ((await body.json()) as { requests: LoggedRequest[] }).requests
}
