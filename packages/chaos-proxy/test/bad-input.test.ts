import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test as plain } from 'vitest'
import { type LogRecord, startChaosProxy } from '../src/index.ts'
import { eventually, isOpen, Lab, sleep } from './support/lab.ts'
import { Upstream } from './support/upstream.ts'
import { test } from './support/with-server.ts'

/** What the API answers to these bytes, until it closes. */
async function raw(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = await open(port)
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  for (const part of parts) socket.write(part)
  await once(socket, 'close')
  return text
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

/** A server with a log, and a proxy whose traffic must go on whatever happens elsewhere. */
async function withBystander(check: (given: { port: number; lab: Lab; log: LogRecord[] }) => Promise<void>) {
  const log: LogRecord[] = []
  await using server = await startChaosProxy({
    requestTimeout: 2_000,
    connectTimeout: 3_000,
    log: (record) => log.push(record),
  })
  const lab = new Lab(server.url)
  const bystander = await server.proxy({ name: 'bystander', upstream: (await lab.echo()).port })
  const wire = await lab.connect(bystander.port)
  await wire.roundTrip()
  log.length = 0
  await check({ port: server.port, lab, log })
  await wire.roundTrip()
  await lab.end()
}

plain('malformed HTTP: 400, logged once', () =>
  withBystander(async ({ port, log }) => {
    expect(await raw(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(log).toMatchObject([{ level: 'warn', message: 'A request could not be read' }])
  }),
)

plain('a header flood: 431, logged once', () =>
  withBystander(async ({ port, log }) => {
    const flood = Array.from({ length: 400 }, (_, index) => `X-${index}: ${'x'.repeat(90)}\r\n`).join('')
    expect(await raw(port, `GET /version HTTP/1.1\r\nHost: x\r\n${flood}\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    expect(log).toHaveLength(1)
  }),
)

plain('a slow-loris client: 408 and closed, logged once', () =>
  withBystander(async ({ port, log }) => {
    expect(await raw(port, 'POST /proxies HTTP/1.1\r\nHost: x\r\n', 'Content-')).toMatch(/^HTTP\/1\.1 408 /)
    expect(log).toHaveLength(1)
  }),
)

plain('a body that never comes: closed, nothing made', () =>
  withBystander(async ({ port, lab }) => {
    await raw(port, 'POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"name":')
    expect(Object.keys((await lab.http('GET', '/proxies')).json)).toEqual(['bystander'])
  }),
)

plain('a body of 100 MB: 413 after the first megabyte', () =>
  withBystander(async ({ port }) => {
    const socket = await open(port)
    socket.write(`POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: ${100 * 1024 * 1024}\r\n\r\n`)
    const answered = once(socket, 'data')
    const block = Buffer.alloc(256 * 1024, ' ')
    let sent = 0
    while (sent < 100 * 1024 * 1024 && !socket.destroyed && !socket.readableEnded) {
      sent += block.length
      if (!socket.write(block))
        await Promise.race([once(socket, 'drain'), once(socket, 'close'), answered, sleep(2_000)])
      if (socket.bytesRead > 0) break
    }
    const [answer] = await answered
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    expect(String(answer)).toContain('larger than 1048576 bytes')
    expect(sent).toBeLessThan(50 * 1024 * 1024)
    socket.destroy()
  }),
)

plain('an answer that needs no body reaches a client that is still sending, and the connection goes on', () =>
  withBystander(async ({ port }) => {
    const socket = await open(port)
    const length = 3 * 1024 * 1024
    socket.write(`POST /proxies/none/toxics HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`)
    const [first] = await once(socket, 'data')
    expect(String(first)).toMatch(/^HTTP\/1\.1 404 /)
    socket.write(Buffer.alloc(length, ' '))
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n')
    const [second] = await once(socket, 'data')
    expect(String(second)).toMatch(/^HTTP\/1\.1 200 /)
    socket.destroy()
  }),
)

plain('an upstream that never answers: the client is closed in time, other proxies go on', () =>
  withBystander(async ({ lab }) => {
    const created = await lab.http('POST', '/proxies', { name: 'hole', listen: '127.0.0.1:0', upstream: '192.0.2.1:9' })
    const wire = await lab.connect(Number(created.json.listen.split(':')[1]))
    await wire.ended()
    expect(wire.received).toBe(0)
  }),
)

plain('an upstream that is no address: the client is closed, and the log says why', () =>
  withBystander(async ({ lab, log }) => {
    const created = await lab.http('POST', '/proxies', { name: 'lost', listen: '127.0.0.1:0', upstream: 'nowhere' })
    const wire = await lab.connect(Number(created.json.listen.split(':')[1]))
    await wire.ended()
    expect(log.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'The upstream is not an address', proxy: 'lost' },
    ])
  }),
)

test('a name with slashes, dots or unicode can be used, percent-encoded', async ({ lab }) => {
  for (const name of ['a/b', 'küche 🍔', '..', '%2F', '"quoted"']) {
    const created = await lab.http('POST', '/proxies', { name, listen: '127.0.0.1:0', upstream: '127.0.0.1:1' })
    expect(created.status).toBe(201)
    const shown = await lab.http('GET', `/proxies/${encodeURIComponent(name)}`)
    expect([shown.status, shown.json?.name]).toEqual([200, name])
    expect((await lab.http('GET', '/proxies')).json[name]).toMatchObject({ name })
  }
  expect((await lab.http('GET', '/proxies/%E0%A4%A')).status).toBe(404)
})

test('a name like __proto__ is a name', async ({ lab }) => {
  const name = '__proto__'
  const body = `{"name":"${name}","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}`
  expect((await lab.http('POST', '/proxies', body)).status).toBe(201)
  expect((await lab.http('GET', `/proxies/${name}`)).json.name).toBe(name)
  expect((await lab.http('GET', '/proxies')).text).toContain(`"${name}":{"name":"${name}"`)
  expect((await lab.http('POST', `/proxies/${name}/toxics`, { type: 'toString' })).status).toBe(400)
})

test.for([
  ['203.0.113.7:0', 500, /cannot assign requested address/],
  ['127.0.0.1:99999', 500, /invalid port/],
  ['127.0.0.1', 500, /missing port in address/],
  ['::1:80:80', 500, /too many colons in address/],
  ['no-such-host.invalid:0', 500, /no such host/],
] as const)('the listen address %s is refused with its reason', async ([listen, status, reason], { lab }) => {
  const answer = await lab.http('POST', '/proxies', { name: 'a', listen, upstream: '127.0.0.1:1' })
  expect([answer.status, answer.json.error]).toEqual([status, expect.stringMatching(reason)])
  expect((await lab.http('GET', '/proxies')).json).toEqual({})
})

test('port 0 twice takes two ports', async ({ lab }) => {
  const spec = { listen: '127.0.0.1:0', upstream: '127.0.0.1:1' }
  const [a, b] = await Promise.all(['a', 'b'].map((name) => lab.http('POST', '/proxies', { ...spec, name })))
  expect(a!.json.listen).not.toBe(b!.json.listen)
  for (const { json } of [a!, b!]) expect(await isOpen(Number(json.listen.split(':')[1]))).toBe(true)
})

test('the same name at the same time: one is made, one is 409', async ({ lab }) => {
  const spec = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' }
  const answers = await Promise.all([1, 2, 3].map(() => lab.http('POST', '/proxies', spec)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
})

test('a toxic removed twice while what it held drains to a slow reader: all arrives once', async ({ server, lab }) => {
  const upstream = await lab.upstream((wire) => wire.socket.pause())
  const proxy = await server.proxy({ upstream: upstream.port })
  await proxy.latency(60_000, { stream: 'upstream' })
  const wire = await lab.connect(proxy.port)
  const data = Buffer.alloc(12_000_000, 'abcdefghijk')
  wire.write(data)
  await eventually(() => (proxy.connections[0]?.held.upstream ?? 0) === data.length)
  const path = `/proxies/${proxy.name}/toxics/latency_upstream`
  expect((await lab.http('DELETE', path)).status).toBe(204)
  expect((await lab.http('DELETE', path)).status).toBe(404)
  expect(proxy.connections[0]).toMatchObject({ toxics: [] })
  expect(proxy.connections[0]?.held.upstream).toBeGreaterThan(0)
  await proxy.latency(1, { stream: 'upstream' })
  const reader = await upstream.wire(0)
  reader.socket.resume()
  expect((await reader.read(data.length)).equals(data)).toBe(true)
  await eventually(() => proxy.connections[0]?.held.upstream === 0)
})

test.for([
  ['/proxies', '"text"', 'the body must be object'],
  ['/proxies', '{"name":5}', 'name must be string'],
  ['/proxies', '{"name":"a","upstream":"b:1","enabled":"yes"}', 'enabled must be boolean'],
  ['/populate', '{}', 'the body must be array'],
  ['/populate', '[{"name":1}]', '0/name must be string'],
] as const)('POST %s %s is 400 and says what is wrong', async ([path, body, reason], { lab }) => {
  const answer = await lab.http('POST', path, body)
  expect([answer.status, answer.json.error]).toEqual([400, `bad request body: ${reason}`])
})

test.for([
  ['{"type":"latency","toxicity":1.5}', 'toxicity must be <= 1'],
  ['{"type":"latency","firstConnections":0}', 'firstConnections must be >= 1'],
  ['{"type":"latency","everyNthConnection":"x"}', 'everyNthConnection must be integer'],
  ['{"type":"latency","expiresIn":-1}', 'expiresIn must be >= 1'],
  [
    '{"type":"slicer","attributes":{"average_size":0}}',
    'slicer: average_size must be at least 1, since no slice can be empty',
  ],
  ['{"type":"bandwidth","attributes":{"rate":-1}}', 'bandwidth: rate must be an integer ≥ 0, not -1'],
] as const)('a toxic %s is 400 with the rule', async ([body, rule], { lab }) => {
  const { proxy } = await lab.proxy()
  const answer = await lab.http('POST', `/proxies/${proxy.name}/toxics`, body)
  expect([answer.status, answer.json.error]).toEqual([400, `bad request body: ${rule}`])
  expect((await lab.http('GET', `/proxies/${proxy.name}/toxics`)).json).toEqual([])
})

test('a thousand toxics in a row carry data all the same', async ({ server, lab }) => {
  const upstream = await Upstream.echo()
  const toxics = Array.from({ length: 1000 }, (_, index) => ({ type: 'noop', name: `n${index}` }) as const)
  const proxy = await server.proxy({ upstream: upstream.port, toxics })
  const wire = await lab.connect(proxy.port)
  await wire.roundTrip()
  await expect(proxy.latency(1)).rejects.toThrow('a proxy has at most 1000 toxics')
  await proxy.clear()
  await wire.roundTrip()
  await upstream.close()
})
