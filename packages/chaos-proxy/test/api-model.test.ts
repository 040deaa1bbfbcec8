import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startChaosProxy } from '../src/index.ts'
import { type Answer, Lab } from './support/lab.ts'
import { asyncProperty } from './support/property.ts'

/** What the server should hold: a simple account of it. Listen addresses are left out: they are the system's. */
interface ModelToxic {
  name: string
  type: string
  stream: string
  toxicity: number
  attributes: Record<string, number>
}
interface ModelProxy {
  upstream: string
  /** Whether it has a real port: since it was enabled for the first time. */
  bound: boolean
  enabled: boolean
  toxics: ModelToxic[]
}
type Model = Map<string, ModelProxy>

const names = fc.constantFrom('menu', 'loyalty', 'a/b')
const toxicNames = fc.constantFrom('one', 'two', 'three')
const upstreams = fc.constantFrom('127.0.0.1:1', '127.0.0.1:2')
const streams = fc.constantFrom('upstream', 'downstream')

const calls = fc.oneof(
  fc.record({ call: fc.constant('create' as const), name: names, upstream: upstreams, enabled: fc.boolean() }),
  fc.record({ call: fc.constant('delete' as const), name: names }),
  fc.record({ call: fc.constant('change' as const), name: names, upstream: upstreams, enabled: fc.boolean() }),
  fc.record({ call: fc.constant('populate' as const), name: names, upstream: upstreams, enabled: fc.boolean() }),
  fc.record({ call: fc.constant('reset' as const) }),
  fc.record({ call: fc.constant('add' as const), name: names, toxic: toxicNames, stream: streams, latency: fc.nat(9) }),
  fc.record({
    call: fc.constant('update' as const),
    name: names,
    toxic: toxicNames,
    jitter: fc.nat(9),
    toxicity: fc.constantFrom(0, 0.5, 1),
  }),
  fc.record({ call: fc.constant('remove' as const), name: names, toxic: toxicNames }),
)
type Call = typeof calls extends fc.Arbitrary<infer Value> ? Value : never

/** Does to the model what the call should do to the server. Returns the status to expect. */
function apply(model: Model, call: Call): number {
  if (call.call === 'reset') {
    for (const proxy of model.values()) Object.assign(proxy, { enabled: true, bound: true, toxics: [] })
    return 204
  }
  const proxy = model.get(call.name)
  if (call.call === 'create' || call.call === 'populate') {
    if (proxy !== undefined && call.call === 'create') return 409
    // Port 0 differs from a real port, so that populating replaces; but not from a port 0 that was never bound.
    if (proxy !== undefined && !proxy.bound && proxy.upstream === call.upstream) return 201
    const { upstream, enabled } = call
    model.set(call.name, { upstream, enabled, bound: enabled, toxics: [] })
    return 201
  }
  if (proxy === undefined) return 404
  if (call.call === 'delete') {
    model.delete(call.name)
    return 204
  }
  if (call.call === 'change') {
    Object.assign(proxy, { upstream: call.upstream, enabled: call.enabled, bound: proxy.bound || call.enabled })
    return 200
  }
  const toxic = proxy.toxics.find(({ name }) => name === call.toxic)
  if (call.call === 'add') {
    if (toxic !== undefined) return 409
    const attributes = { latency: call.latency, jitter: 0 }
    proxy.toxics.push({ name: call.toxic, type: 'latency', stream: call.stream, toxicity: 1, attributes })
    return 200
  }
  if (toxic === undefined) return 404
  if (call.call === 'remove') {
    proxy.toxics.splice(proxy.toxics.indexOf(toxic), 1)
    return 204
  }
  toxic.toxicity = call.toxicity
  toxic.attributes = { ...toxic.attributes, jitter: call.jitter }
  return 200
}

function send(lab: Lab, call: Call): Promise<Answer> {
  if (call.call === 'reset') return lab.http('POST', '/reset')
  const { name } = call
  const path = `/proxies/${encodeURIComponent(name)}`
  switch (call.call) {
    case 'create':
      return lab.http('POST', '/proxies', { ...call, listen: '127.0.0.1:0' })
    case 'populate':
      return lab.http('POST', '/populate', [{ ...call, listen: '127.0.0.1:0' }])
    case 'delete':
      return lab.http('DELETE', path)
    case 'change':
      return lab.http('PATCH', path, { upstream: call.upstream, enabled: call.enabled })
    case 'add':
      return lab.http('POST', `${path}/toxics`, {
        name: call.toxic,
        type: 'latency',
        stream: call.stream,
        attributes: { latency: call.latency },
      })
    case 'update':
      return lab.http('PATCH', `${path}/toxics/${call.toxic}`, {
        toxicity: call.toxicity,
        attributes: { jitter: call.jitter },
      })
    case 'remove':
      return lab.http('DELETE', `${path}/toxics/${call.toxic}`)
  }
}

/** The model in the server's words. */
function shown(model: Model): Record<string, unknown> {
  return Object.fromEntries(
    [...model].map(([name, { upstream, enabled, toxics }]) => {
      const ordered = ['upstream', 'downstream'].flatMap((stream) => toxics.filter((toxic) => toxic.stream === stream))
      return [name, { name, upstream, enabled, toxics: ordered, listen: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }]
    }),
  )
}

test('any sequence of calls leaves the server as the model says', async () => {
  await using server = await startChaosProxy()
  const lab = new Lab(server.url)
  await asyncProperty(
    fc.asyncProperty(fc.array(calls, { maxLength: 25 }), async (sequence) => {
      const model: Model = new Map()
      try {
        for (const call of sequence) {
          const expected = apply(model, call)
          const answer = await send(lab, call)
          expect([call, answer.status]).toEqual([call, expected])
          expect((await lab.http('GET', '/proxies')).json).toEqual(shown(model))
        }
      } finally {
        await lab.end()
      }
    }),
    30,
  )
})
