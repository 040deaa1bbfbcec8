import { describe, expect } from 'vitest'
import { type StampedEvent, startChaosProxy } from '../src/index.ts'
import { eventually, type Lab, portOf, sleep } from './support/lab.ts'
import { test } from './support/with-server.ts'

describe('toxics together with proxies', () => {
  const toxics = [{ type: 'latency', attributes: { latency: 5 } }]

  test('create and populate take them with ?with=toxics, and ignore them without', async ({ lab }) => {
    const spec = { listen: 'localhost:0', upstream: '127.0.0.1:1', toxics }
    expect((await lab.http('POST', '/proxies', { ...spec, name: 'a' })).json.toxics).toEqual([])
    const created = await lab.http('POST', '/proxies?with=toxics', { ...spec, name: 'b' })
    expect(created.json.toxics).toMatchObject([{ name: 'latency_downstream', attributes: { latency: 5 } }])
    const populated = await lab.http('POST', '/populate?with=toxics', [{ ...spec, name: 'c' }])
    expect(populated.json.proxies[0].toxics).toHaveLength(1)
    const { listen } = populated.json.proxies[0]
    const again = await lab.http('POST', '/populate?with=toxics', [{ ...spec, name: 'c', listen, toxics: [] }])
    expect(again.json.proxies[0]).toMatchObject({ listen, toxics: [] })
  })

  test('one that breaks a rule, or two of a name, and there is no proxy', async ({ lab }) => {
    const spec = { name: 'a', listen: 'localhost:0', upstream: '127.0.0.1:1' }
    const broken = await lab.http('POST', '/proxies?with=toxics', { ...spec, toxics: [{ type: 'slicer' }] })
    expect(broken.json.error).toMatch(/average_size must be at least 1/)
    const twice = await lab.http('POST', '/proxies?with=toxics', { ...spec, toxics: [...toxics, ...toxics] })
    expect(twice.status).toBe(409)
    expect((await lab.http('GET', '/proxies')).json).toEqual({})
  })
})

describe('which connections a toxic is for', () => {
  /** For each of so many connections, whether it was cut off after one byte. */
  async function cutOff(lab: Lab, port: number, connections: number): Promise<boolean[]> {
    const cut: boolean[] = []
    for (let count = 0; count < connections; count++) {
      const wire = await lab.connect(port)
      wire.write('ab')
      await wire.until(() => wire.received === 2 || wire.ending !== undefined)
      cut.push(wire.received < 2)
      wire.close()
    }
    return cut
  }

  test('the first ones, counted from when it was added', async ({ server, lab }) => {
    const proxy = await server.proxy({ upstream: (await lab.echo()).port })
    await cutOff(lab, proxy.port, 2)
    await proxy.limitData(1, { firstConnections: 3 })
    expect(await cutOff(lab, proxy.port, 5)).toEqual([true, true, true, false, false])
  })

  test('every nth, and none that was open before', async ({ server, lab }) => {
    const proxy = await server.proxy({ upstream: (await lab.echo()).port })
    const before = await lab.connect(proxy.port)
    await before.roundTrip()
    await proxy.limitData(1, { everyNthConnection: 3 })
    expect(await cutOff(lab, proxy.port, 7)).toEqual([false, false, true, false, false, true, false])
    await before.roundTrip()
    await before.roundTrip()
  })

  test('a share of them, the same for the same seed', async ({ lab }) => {
    const upstream = await lab.echo()
    const draw = async (seed: number) => {
      await using server = await startChaosProxy({ seed })
      const proxy = await server.proxy({ name: 'menu', upstream: upstream.port })
      await proxy.limitData(1, { toxicity: 0.5 })
      return await cutOff(lab, proxy.port, 20)
    }
    const first = await draw(1)
    expect(first).toContain(true)
    expect(first).toContain(false)
    expect(await draw(1)).toEqual(first)
    expect(await draw(2)).not.toEqual(first)
  })

  test('a changed share keeps the lots that were drawn', async ({ server, lab }) => {
    const proxy = await server.proxy({ upstream: (await lab.echo()).port })
    const toxic = await proxy.latency(1, { toxicity: 0 })
    for (let count = 0; count < 12; count++) await (await lab.connect(proxy.port)).roundTrip()
    const under = () => proxy.connections.filter(({ toxics }) => toxics.length > 0).map(({ id }) => id)
    expect(under()).toEqual([])
    await toxic.update({}, { toxicity: 0.4 })
    const some = under()
    await toxic.update({}, { toxicity: 0.8 })
    expect(under()).toEqual(expect.arrayContaining(some))
    await toxic.update({}, { toxicity: 1 })
    expect(under()).toHaveLength(12)
    await toxic.update({}, { toxicity: 0.4 })
    expect(under()).toEqual(some)
  })
})

test('a toxic expires by itself, and a change starts its time anew', async ({ server, lab }) => {
  const proxy = await server.proxy({ upstream: (await lab.echo()).port })
  const added = await lab.http('POST', `/proxies/${proxy.name}/toxics`, { type: 'latency', expiresIn: 60_000 })
  expect(added.json).toMatchObject({ name: 'latency_downstream', expiresIn: 60_000 })
  const start = performance.now()
  await proxy.bandwidth(0, { expiresIn: 500 })
  const wire = await lab.connect(proxy.port)
  wire.write('held')
  await wire.read(4)
  expect(performance.now() - start).toBeGreaterThan(495)
  expect(proxy.view.toxics.map(({ name }) => name)).toEqual(['latency_downstream'])
  await lab.http('PATCH', `/proxies/${proxy.name}/toxics/latency_downstream`, { expiresIn: 50 })
  await eventually(() => proxy.view.toxics.length === 0)
})

test('connections are shown with age, bytes, held bytes and toxics', async ({ server, lab }) => {
  const upstream = await lab.echo()
  const proxy = await server.proxy({ upstream: upstream.port })
  await proxy.bandwidth(0)
  const wire = await lab.connect(proxy.port)
  wire.write('12345')
  await (await upstream.wire(0)).read(5)
  const path = `/proxies/${proxy.name}/connections`
  await eventually(async () => (await lab.http('GET', path)).json[0]?.held.downstream === 5)
  const [shown] = (await lab.http('GET', path)).json
  expect(shown).toMatchObject({
    id: 1,
    client: `127.0.0.1:${wire.socket.localPort}`,
    received: { upstream: 5, downstream: 5 },
    sent: { upstream: 5, downstream: 0 },
    held: { upstream: 0, downstream: 5 },
    toxics: ['bandwidth_downstream'],
  })
  expect(shown.age).toBeGreaterThanOrEqual(0)
  wire.close()
  await proxy.clear()
  await eventually(async () => (await lab.http('GET', path)).json.length === 0)
  expect((await lab.http('GET', '/proxies/none/connections')).status).toBe(404)
})

test('metrics count open connections', async ({ server, lab }) => {
  const proxy = await server.proxy({ name: 'menu', upstream: (await lab.echo()).port })
  await (await lab.connect(proxy.port)).roundTrip()
  const answer = await lab.http('GET', '/metrics')
  expect(answer.type).toMatch(/^text\/plain/)
  expect(answer.text).toContain('chaos_proxy_open_connections{proxy="menu"} 1\n')
})

test('events tell of proxies, toxics, connections and why they closed', async ({ server, lab }) => {
  const told: StampedEvent[] = []
  const stop = server.onEvent((event) => told.push(event))
  const abort = new AbortController()
  const response = await fetch(`${server.url}/events`, { signal: abort.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const proxy = await server.proxy({ name: 'menu', upstream: (await lab.echo()).port })
  const wire = await lab.connect(proxy.port)
  await wire.roundTrip()
  await proxy.limitData(2)
  wire.write('abc')
  await wire.ended()
  await eventually(() => told.some(({ type }) => type === 'close'))
  const gone = await lab.connect(proxy.port)
  await gone.roundTrip()
  gone.close()
  await eventually(() => told.filter(({ type }) => type === 'close').length === 2)
  await proxy.close()
  expect(told).toMatchObject([
    { type: 'proxy', proxy: 'menu', change: 'enabled' },
    { type: 'proxy', proxy: 'menu', change: 'created' },
    { type: 'connection', connection: 1, toxics: [] },
    { type: 'toxic', toxic: 'limit_data_downstream', change: 'added' },
    { type: 'close', connection: 1, reason: 'toxic limit_data_downstream', received: { upstream: 4, downstream: 4 } },
    { type: 'connection', connection: 2, toxics: ['limit_data_downstream'] },
    { type: 'close', connection: 2, reason: 'client closed' },
    { type: 'proxy', change: 'disabled' },
    { type: 'proxy', change: 'deleted' },
  ])
  expect(await readEvents(response, told.length)).toEqual(told)
  abort.abort()
  stop()
})

async function readEvents(response: Response, count: number): Promise<unknown[]> {
  const events: unknown[] = []
  let text = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) events.push(JSON.parse(data.slice('data: '.length)))
    }
    if (events.length >= count) break
  }
  return events
}

test('reset tries every proxy and names those that failed', async ({ server, lab }) => {
  const upstream = await lab.echo()
  const taken = await server.proxy({ name: 'taken', upstream: upstream.port })
  const fine = await server.proxy({ name: 'fine', upstream: upstream.port })
  await taken.disable()
  await fine.disable()
  await fine.latency(1)
  const squatter = await server.proxy({ name: 'squatter', upstream: upstream.port, listen: taken.listen })
  const answer = await lab.http('POST', '/reset')
  expect(answer.status).toBe(500)
  expect(answer.json.error).toMatch(/^taken: listen tcp .* address already in use$/)
  expect(fine.view).toMatchObject({ enabled: true, toxics: [] })
  await squatter.close()
})

test('a toxic added while the upstream is still connecting acts once', async ({ server, lab }) => {
  const proxy = await server.proxy({ upstream: (await lab.echo()).port })
  const connecting = lab.connect(proxy.port)
  await eventually(() => proxy.connections.length === 1)
  const toxic = await proxy.latency(60)
  const wire = await connecting
  await wire.roundTrip()
  expect(proxy.connections[0]?.toxics).toEqual(['latency_downstream'])
  await toxic.remove()
  expect(await wire.leastRoundTrip(50)).toBeLessThan(50)
})

test('a control call never waits for a toxic', async ({ server, lab }) => {
  const proxy = await server.proxy({ upstream: (await lab.echo()).port })
  const toxic = await proxy.resetPeer(40_000)
  const wire = await lab.connect(proxy.port)
  wire.write('x')
  await sleep(100)
  const start = performance.now()
  await toxic.remove()
  expect((await wire.read(1)).toString()).toBe('x')
  expect(performance.now() - start).toBeLessThan(5_000)
  expect(portOf(proxy.listen)).toBe(proxy.port)
})
