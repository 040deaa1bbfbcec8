import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { eventually, isOpen, sleep } from '../support/lab.ts'
import { check, LATE } from './check.ts'

/** Streams without toxics: bytes, ends, and what control calls do to them. */
export const connections = [
  check(24, 'metrics count the bytes of streams that have ended', async (lab) => {
    if ((await lab.http('GET', '/metrics')).status === 404) return
    const { proxy, upstream, port } = await lab.proxy()
    const wire = await lab.connect(port)
    wire.write(Buffer.alloc(1234))
    await wire.read(1234)
    wire.close()
    await eventually(async () => {
      const { text } = await lab.http('GET', '/metrics')
      return ['received', 'sent'].every((what) =>
        ['upstream', 'downstream'].every((direction) =>
          text.includes(
            `toxiproxy_proxy_${what}_bytes_total{direction="${direction}",listener="${proxy.listen}",` +
              `proxy="${proxy.name}",upstream="${upstream.address}"} 1234\n`,
          ),
        ),
      )
    })
  }),

  check(25, '10 MB come back as they were sent', async (lab) => {
    const { port } = await lab.proxy()
    const wire = await lab.connect(port)
    const data = randomBytes(10_000_000)
    wire.write(data)
    expect((await wire.read(data.length)).equals(data)).toBe(true)
  }),

  check(26, 'a refusing upstream: connected, then the end', async (lab) => {
    const upstream = await lab.echo()
    const { port } = await lab.proxy(upstream)
    await upstream.close()
    const wire = await lab.connect(port)
    expect(await wire.ended()).toBe('end')
    expect(wire.received).toBe(0)
  }),

  check(27, 'a client that ends its half loses the reply', async (lab) => {
    const upstream = await lab.upstream((wire) =>
      wire.socket.on('data', () => setTimeout(() => wire.socket.writable && wire.write('reply'), 200)),
    )
    const { port } = await lab.proxy(upstream)
    const wire = await lab.connect(port)
    wire.write('request')
    wire.socket.end()
    expect(await wire.ended()).toBe('end')
    const server = await upstream.wire(0)
    await server.ended()
    await sleep(300)
    expect(wire.received).toBe(0)
    expect(server.bytes.toString()).toBe('request')
  }),

  check(28, 'a server that ends its half gets no more', async (lab) => {
    const upstream = await lab.upstream((wire) => wire.socket.end())
    const { port } = await lab.proxy(upstream)
    const wire = await lab.connect(port)
    await wire.ended()
    wire.write('late')
    const server = await upstream.wire(0)
    await server.ended()
    await sleep(50)
    expect(server.received).toBe(0)
  }),

  check(29, 'disable ends connections and frees the port, enable takes it again', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const wire = await lab.connect(port)
    await wire.roundTrip()
    const before = performance.now()
    await lab.http('POST', `/proxies/${proxy.name}`, { enabled: false })
    expect(await wire.ended()).toBe('end')
    expect(performance.now() - before).toBeLessThan(LATE)
    expect(await isOpen(port)).toBe(false)
    const enabled = await lab.http('POST', `/proxies/${proxy.name}`, { enabled: true })
    expect(enabled.json.listen).toBe(proxy.listen)
    await (await lab.connect(port)).roundTrip()
  }),

  check(30, 'disable loses what a toxic holds', async (lab) => {
    const { proxy, upstream, port } = await lab.proxy()
    const attributes = { latency: 5_000, jitter: 0 }
    await proxy.addToxic({ name: 'l', type: 'latency', stream: 'downstream', toxicity: 1, attributes })
    const wire = await lab.connect(port)
    wire.write('held')
    await (await upstream.wire(0)).read(4)
    await sleep(50)
    await lab.http('PATCH', `/proxies/${proxy.name}`, { enabled: false })
    expect(await wire.ended()).toBe('end')
    expect(wire.received).toBe(0)
  }),

  check(31, 'another upstream keeps the port and ends old connections', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const old = await lab.connect(port)
    await old.roundTrip()
    const other = await lab.echo()
    const answer = await lab.http('PATCH', `/proxies/${proxy.name}`, { upstream: other.address })
    expect(answer.json).toMatchObject({ listen: proxy.listen, upstream: other.address, enabled: true })
    expect(await old.ended()).toBe('end')
    await (await lab.connect(port)).roundTrip()
    expect(other.wires).toHaveLength(1)
  }),
]
