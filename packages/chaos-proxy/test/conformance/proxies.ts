import { expect } from 'vitest'
import { isOpen, portOf } from '../support/lab.ts'
import { check } from './check.ts'

/** Version, proxies, and what changing them does to their connections. */
export const proxies = [
  check(1, 'version is JSON', async (lab) => {
    const answer = await lab.http('GET', '/version')
    expect(answer.status).toBe(200)
    expect(answer.type).toMatch(/^application\/json/)
    expect(typeof answer.json.version).toBe('string')
  }),

  check(2, 'browsers are refused on known paths', async (lab) => {
    const browser = { 'user-agent': 'Mozilla/5.0' }
    expect((await lab.http('GET', '/version', undefined, browser)).status).toBe(403)
    expect((await lab.http('GET', '/unknown', undefined, browser)).status).toBe(404)
  }),

  check(3, 'no proxies is {}, a slash too many 404, a wrong method 405', async (lab) => {
    const answer = await lab.http('GET', '/proxies')
    expect([answer.status, answer.json]).toEqual([200, {}])
    expect((await lab.http('GET', '/proxies/')).status).toBe(404)
    expect((await lab.http('PUT', '/proxies')).status).toBe(405)
  }),

  check(4, 'create on port 0 takes a real port', async (lab) => {
    const answer = await lab.http('POST', '/proxies', { name: 'a', listen: 'localhost:0', upstream: '127.0.0.1:1' })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({ name: 'a', upstream: '127.0.0.1:1', enabled: true, toxics: [] })
    expect(answer.json.listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/)
    expect(await isOpen(portOf(answer.json.listen))).toBe(true)
  }),

  check(5, 'create without name, upstream or JSON is 400', async (lab) => {
    const noName = await lab.http('POST', '/proxies', { listen: 'localhost:0', upstream: '127.0.0.1:1' })
    expect(noName.json).toEqual({ error: 'missing required field: name', status: 400 })
    const noUpstream = await lab.http('POST', '/proxies', { name: 'a', listen: 'localhost:0' })
    expect(noUpstream.json).toEqual({ error: 'missing required field: upstream', status: 400 })
    const broken = await lab.http('POST', '/proxies', '{"name":')
    expect([broken.status, broken.json.status]).toEqual([400, 400])
    expect(broken.json.error).toMatch(/^bad request body: /)
  }),

  check(6, 'a name twice is 409, a busy port 500 and not registered', async (lab) => {
    const spec = { name: 'a', listen: 'localhost:0', upstream: '127.0.0.1:1' }
    await lab.http('POST', '/proxies', spec)
    const twice = await lab.http('POST', '/proxies', spec)
    expect([twice.status, twice.json]).toEqual([409, { error: 'proxy already exists', status: 409 }])
    const listen = `127.0.0.1:${await lab.busyPort()}`
    const busy = await lab.http('POST', '/proxies', { ...spec, name: 'b', listen })
    expect(busy.json).toEqual({ error: `listen tcp ${listen}: bind: address already in use`, status: 500 })
    expect((await lab.http('GET', '/proxies/b')).json).toEqual({ error: 'proxy not found', status: 404 })
  }),

  check(7, 'a disabled proxy echoes its listen address, an enabled one has a real port', async (lab) => {
    const spec = { name: 'a', listen: 'localhost:0', upstream: '127.0.0.1:1', enabled: false }
    const created = await lab.http('POST', '/proxies', spec)
    expect([created.status, created.json.listen, created.json.enabled]).toEqual([201, 'localhost:0', false])
    const enabled = await lab.http('PATCH', '/proxies/a', { enabled: true })
    expect([enabled.status, enabled.json.enabled]).toEqual([200, true])
    expect(await isOpen(portOf(enabled.json.listen))).toBe(true)
  }),

  check(8, 'an empty change and a rename change nothing and keep connections', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const wire = await lab.connect(port)
    await wire.roundTrip()
    for (const change of [{}, { name: 'other' }]) {
      const answer = await lab.http('PATCH', `/proxies/${proxy.name}`, change)
      expect(answer.status).toBe(200)
      expect(answer.json).toMatchObject({ name: proxy.name, listen: proxy.listen, enabled: true })
    }
    await wire.roundTrip()
  }),

  check(9, 'a change to a busy port is 500 and leaves it disabled there', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const listen = `127.0.0.1:${await lab.busyPort()}`
    expect((await lab.http('PATCH', `/proxies/${proxy.name}`, { listen })).status).toBe(500)
    expect((await lab.http('GET', `/proxies/${proxy.name}`)).json).toMatchObject({ listen, enabled: false })
    expect(await isOpen(port)).toBe(false)
  }),

  check(10, 'a change to nonsense is 500 and changes nothing', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const answer = await lab.http('PATCH', `/proxies/${proxy.name}`, { listen: 'garbage' })
    expect(answer.json).toEqual({ error: 'address garbage: missing port in address', status: 500 })
    const after = await lab.http('GET', `/proxies/${proxy.name}`)
    expect(after.json).toMatchObject({ listen: proxy.listen, enabled: true })
    expect(await isOpen(port)).toBe(true)
  }),

  check(11, 'delete is 204, then 404, and ends connections', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const wire = await lab.connect(port)
    await wire.roundTrip()
    expect((await lab.http('DELETE', `/proxies/${proxy.name}`)).status).toBe(204)
    expect((await lab.http('DELETE', `/proxies/${proxy.name}`)).status).toBe(404)
    expect(await wire.ended()).toBe('end')
    expect(await isOpen(port)).toBe(false)
  }),
]
