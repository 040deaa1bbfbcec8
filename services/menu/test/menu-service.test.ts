import { createService, readEnvironment, type Service, ServiceEnvironment } from '@chaos-kitchen/service'
import { startTestPostgres, type TestPostgres, untilReady } from '@chaos-kitchen/service/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { menuService } from '../src/index.ts'

let postgres: TestPostgres
let service: Service
let url: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  const environment = {
    SERVICE_NAME: 'menu',
    PORT: '0',
    KITCHEN: '1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: await postgres.createDatabase('menu'),
  }
  service = await createService(menuService, readEnvironment(ServiceEnvironment, environment))
  url = await service.listen()
  await untilReady(url)
})

afterAll(async () => {
  await service?.stop()
  await postgres?.stop()
})

const get = async (path: string): Promise<[number, unknown]> => {
  const reply = await fetch(url + path)
  return [reply.status, await reply.json()]
}

const burger = { id: 'burger', name: 'Burger', price: 10 }
const fries = { id: 'fries', name: 'Fries', price: 5 }
const coke = { id: 'coke', name: 'Coke', price: 2.5 }

test('what there is, and what it costs', async () => {
  expect(await get('/items')).toEqual([200, { items: [burger, coke, fries] }])
  expect(await get('/items/burger')).toEqual([200, burger])
  expect(await get('/items/coke')).toEqual([200, coke])
})

test.each(['pizza', '..%2F', '%C3%A9', "'%20OR%20true%20--", 'Burger'])('there is no %s', async (id) => {
  const [status, problem] = await get(`/items/${id}`)
  expect(status).toBe(404)
  expect(problem).toMatchObject({ type: 'urn:chaos-kitchen:problem:unknown-item', status: 404 })
})

test('an id is unknown however many bytes it takes in the path', async () => {
  expect((await get(`/items/${encodeURIComponent('饭'.repeat(100))}`))[0]).toBe(404)
})

test.each(['x'.repeat(101), '%00'])('%s names no item at all: a 400', async (id) => {
  expect((await get(`/items/${id}`))[0]).toBe(400)
})

test('a reset leaves the menu as it is', async () => {
  expect((await fetch(`${url}/test/reset`, { method: 'POST' })).status).toBe(204)
  expect(await get('/items')).toEqual([200, { items: [burger, coke, fries] }])
})
