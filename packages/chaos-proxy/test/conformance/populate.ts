import { expect } from 'vitest'
import { isOpen, portOf } from '../support/lab.ts'
import { check } from './check.ts'

const upstream = '127.0.0.1:1'

/** Many proxies at once, and back to the start. */
export const populate = [
  check(12, 'populate answers 201 in the order given', async (lab) => {
    const answer = await lab.http('POST', '/populate', [
      { name: 'z', listen: 'localhost:0', upstream },
      { name: 'a', listen: 'localhost:0', upstream, enabled: false },
    ])
    expect(answer.status).toBe(201)
    expect(answer.json.proxies).toMatchObject([
      { name: 'z', enabled: true, toxics: [] },
      { name: 'a', enabled: false, toxics: [], listen: 'localhost:0' },
    ])
    const client = await lab.client.populate([{ name: 'b', listen: 'localhost:0', upstream }])
    expect(Object.keys(client)).toEqual(['b'])
  }),

  check(13, 'populate leaves a proxy with the same addresses alone, its state and toxics too', async (lab) => {
    const { proxy } = await lab.proxy()
    await lab.http('POST', `/proxies/${proxy.name}/toxics`, { type: 'latency' })
    const again = { name: proxy.name, listen: proxy.listen, upstream: proxy.upstream, enabled: false }
    const answer = await lab.http('POST', '/populate', [again])
    expect(answer.json.proxies).toMatchObject([{ enabled: true, toxics: [{ name: 'latency_downstream' }] }])
  }),

  check(14, 'populate replaces a proxy with another upstream or port 0, toxics and all', async (lab) => {
    const { proxy } = await lab.proxy()
    const { name } = proxy
    const toxics = `/proxies/${name}/toxics`
    await lab.http('POST', toxics, { type: 'latency' })
    const moved = await lab.http('POST', '/populate', [{ name, listen: proxy.listen, upstream }])
    expect(moved.json.proxies).toMatchObject([{ listen: proxy.listen, upstream, toxics: [] }])
    await lab.http('POST', toxics, { type: 'latency' })
    const anyPort = await lab.http('POST', '/populate', [{ name, listen: 'localhost:0', upstream }])
    expect(anyPort.json.proxies).toMatchObject([{ name, upstream, toxics: [] }])
    expect(await isOpen(portOf(anyPort.json.proxies[0].listen))).toBe(true)
  }),

  check(15, 'populate makes none when one lacks its name', async (lab) => {
    const answer = await lab.http('POST', '/populate', [
      { name: 'a', listen: 'localhost:0', upstream },
      { listen: 'localhost:0', upstream },
    ])
    expect(answer.json).toMatchObject({ error: 'missing required field: name at proxy 2', status: 400 })
    expect((await lab.http('GET', '/proxies')).json).toEqual({})
  }),

  check(16, 'populate stops at a busy port and lists what was made', async (lab) => {
    const answer = await lab.http('POST', '/populate', [
      { name: 'a', listen: 'localhost:0', upstream },
      { name: 'b', listen: `127.0.0.1:${await lab.busyPort()}`, upstream },
    ])
    expect(answer.status).toBe(500)
    expect(answer.json.error).toMatch(/address already in use/)
    expect(answer.json.proxies).toMatchObject([{ name: 'a', enabled: true }])
  }),

  check(17, 'reset enables every proxy and removes every toxic', async (lab) => {
    const { proxy } = await lab.proxy()
    await lab.http('POST', `/proxies/${proxy.name}/toxics`, { type: 'latency' })
    await lab.http('PATCH', `/proxies/${proxy.name}`, { enabled: false })
    expect((await lab.http('POST', '/reset')).status).toBe(204)
    const after = await lab.http('GET', `/proxies/${proxy.name}`)
    expect(after.json).toMatchObject({ listen: proxy.listen, enabled: true, toxics: [] })
  }),
]
