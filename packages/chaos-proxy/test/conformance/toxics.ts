import { expect } from 'vitest'
import type { Lab } from '../support/lab.ts'
import { check } from './check.ts'

/** Each type and the attributes that it has when none are given. */
const DEFAULTS: Record<string, Record<string, number>> = {
  latency: { latency: 0, jitter: 0 },
  bandwidth: { rate: 0 },
  slow_close: { delay: 0 },
  timeout: { timeout: 0 },
  reset_peer: { timeout: 0 },
  limit_data: { bytes: 0 },
  noop: {},
}

/** What the API does with toxics. */
export const toxics = [
  check(18, 'a toxic of nothing but its type is 200 with defaults', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    for (const [type, attributes] of Object.entries(DEFAULTS)) {
      const answer = await lab.http('POST', path, { type })
      const name = `${type}_downstream`
      expect([answer.status, answer.json]).toEqual([200, { attributes, name, type, stream: 'downstream', toxicity: 1 }])
    }
    const attributes = { average_size: 10 }
    const slicer = await lab.http('POST', path, { type: 'slicer', attributes })
    expect(slicer.json.attributes).toEqual({ average_size: 10, size_variation: 0, delay: 0 })
  }),

  check(19, 'a toxic name is taken in both streams', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    await lab.http('POST', path, { name: 't', type: 'latency' })
    const answer = await lab.http('POST', path, { name: 't', type: 'latency', stream: 'upstream' })
    expect(answer.json).toEqual({ error: 'toxic already exists', status: 409 })
  }),

  check(20, 'a bad stream comes before a bad type; down is not a type', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    const both = await lab.http('POST', path, { type: 'nonsense', stream: 'sideways' })
    expect(both.json).toEqual({ error: 'stream was invalid, can be either upstream or downstream', status: 400 })
    const down = await lab.http('POST', path, { type: 'down' })
    expect(down.json).toEqual({ error: 'invalid toxic type', status: 400 })
  }),

  check(21, 'attributes are whole numbers, unknown ones ignored', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    for (const latency of [1.5, 'x']) {
      const answer = await lab.http('POST', path, { type: 'latency', attributes: { latency } })
      expect([answer.status, answer.json.status]).toEqual([400, 400])
      expect(answer.json.error).toMatch(/^bad request body: /)
    }
    const unknown = await lab.http('POST', path, { type: 'latency', attributes: { latency: 7, colour: 'red' } })
    expect(unknown.json.attributes).toEqual({ latency: 7, jitter: 0 })
  }),

  check(22, 'a change merges attributes and toxicity and ignores the rest', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    await lab.http('POST', path, { name: 't', type: 'latency', attributes: { latency: 7, jitter: 3 } })
    const change = { name: 'n', type: 'timeout', stream: 'upstream', toxicity: 0.5, attributes: { latency: 9 } }
    const expected = { name: 't', type: 'latency', stream: 'downstream', toxicity: 0.5 }
    const patched = await lab.http('PATCH', `${path}/t`, change)
    expect([patched.status, patched.json]).toEqual([200, { ...expected, attributes: { latency: 9, jitter: 3 } }])
    const posted = await lab.http('POST', `${path}/t`, { attributes: { jitter: 1 } })
    expect(posted.json).toEqual({ ...expected, attributes: { latency: 9, jitter: 1 } })
    expect((await lab.http('GET', `${path}/t`)).json).toEqual(posted.json)
  }),

  check(23, 'toxics are listed upstream first, then as they were added', async (lab) => {
    const path = await toxicsOfNewProxy(lab)
    for (const [name, stream] of ['d1:downstream', 'u1:upstream', 'd2:downstream', 'u2:upstream'].map((pair) =>
      pair.split(':'),
    ))
      await lab.http('POST', path, { name, stream, type: 'noop' })
    const names = (list: { name: string }[]) => list.map(({ name }) => name)
    expect(names((await lab.http('GET', path)).json)).toEqual(['u1', 'u2', 'd1', 'd2'])
    expect((await lab.http('DELETE', `${path}/d1`)).status).toBe(204)
    expect((await lab.http('DELETE', `${path}/d1`)).json).toEqual({ error: 'toxic not found', status: 404 })
    expect(names((await lab.http('GET', path)).json)).toEqual(['u1', 'u2', 'd2'])
  }),
]

async function toxicsOfNewProxy(lab: Lab): Promise<string> {
  const { proxy } = await lab.proxy()
  return `/proxies/${proxy.name}/toxics`
}
