import { expect } from 'vitest'
import { startChaosProxy } from '../src/index.ts'
import { isOpen } from './support/lab.ts'
import { test } from './support/with-server.ts'

test('a proxy with a toxic, and both gone at the end of their blocks', async ({ server, lab }) => {
  const upstream = await lab.echo()
  let port = 0
  {
    await using menu = await server.proxy({ upstream: upstream.port })
    port = menu.port
    const wire = await lab.connect(port)
    {
      await using slow = await menu.latency(150)
      expect(slow.view).toMatchObject({ name: 'latency_downstream', attributes: { latency: 150, jitter: 0 } })
      expect(await wire.roundTrip()).toBeGreaterThan(145)
    }
    expect(menu.view.toxics).toEqual([])
    expect(await wire.leastRoundTrip(100)).toBeLessThan(100)
  }
  expect(await isOpen(port)).toBe(false)
})

test('every toxic has its method, and every type can be added by name', async ({ server }) => {
  const proxy = await server.proxy({ name: 'menu', upstream: '127.0.0.1:1' })
  await proxy.latency(1, { jitter: 2, stream: 'upstream', name: 'l' })
  await proxy.bandwidth(3)
  await proxy.slowClose(4)
  await proxy.timeout(5)
  await proxy.resetPeer(6)
  await proxy.limitData(7)
  await proxy.slicer(8, { sizeVariation: 2, delay: 3, toxicity: 0.5 })
  const noop = await proxy.add({ type: 'noop' })
  expect(proxy.view.toxics.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['l', { latency: 1, jitter: 2 }],
    ['bandwidth_downstream', { rate: 3 }],
    ['slow_close_downstream', { delay: 4 }],
    ['timeout_downstream', { timeout: 5 }],
    ['reset_peer_downstream', { timeout: 6 }],
    ['limit_data_downstream', { bytes: 7 }],
    ['slicer_downstream', { average_size: 8, size_variation: 2, delay: 3 }],
    ['noop_downstream', {}],
  ])
  await noop.remove()
  await noop.remove()
  await expect(noop.update({})).rejects.toMatchObject({ code: 'TOXIC_NOT_FOUND' })
  await proxy.clear()
  expect(proxy.view.toxics).toEqual([])
})

test('a toxic is updated, attributes and scope', async ({ server }) => {
  const proxy = await server.proxy({ upstream: 1 })
  const toxic = await proxy.latency(10, { jitter: 5 })
  await toxic.update({ latency: 20 }, { toxicity: 0.5 })
  expect(toxic.view).toMatchObject({ attributes: { latency: 20, jitter: 5 }, toxicity: 0.5 })
  await expect(toxic.update({ latency: -1 }, { toxicity: 1 })).rejects.toMatchObject({ code: 'INVALID_TOXIC' })
  expect(toxic.view).toMatchObject({ attributes: { latency: 20, jitter: 5 }, toxicity: 0.5 })
})

test('toxics given with the proxy are there from the first connection on', async ({ server, lab }) => {
  const upstream = await lab.echo()
  const toxics = [{ type: 'limit_data', attributes: { bytes: 2 } }] as const
  const proxy = await server.proxy({ upstream: upstream.address, toxics })
  const wire = await lab.connect(proxy.port)
  wire.write('abc')
  await wire.ended()
  expect(wire.bytes.toString()).toBe('ab')
})

test('disable and enable keep the port; close frees it and may be called twice', async ({ server, lab }) => {
  const upstream = await lab.echo()
  const proxy = await server.proxy({ upstream: { address: '::', port: upstream.port } })
  const { port } = proxy
  await proxy.disable()
  expect(await isOpen(port)).toBe(false)
  await proxy.enable()
  await (await lab.connect(port)).roundTrip()
  await proxy.close()
  await proxy.close()
  expect(await isOpen(port)).toBe(false)
})

test('a name twice, a broken rule and a closed server are told by code', async ({ server }) => {
  const proxy = await server.proxy({ name: 'menu', upstream: 1 })
  await expect(server.proxy({ name: 'menu', upstream: 1 })).rejects.toMatchObject({ code: 'PROXY_EXISTS', status: 409 })
  await expect(server.proxy({ upstream: null })).rejects.toThrow('wait until it is listening')
  await expect(proxy.slicer(0)).rejects.toMatchObject({ code: 'INVALID_TOXIC', status: 400 })
  await expect(proxy.latency(1, { toxicity: 2 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  const other = await startChaosProxy()
  await other.close()
  await other.close()
  await expect(other.proxy({ upstream: 1 })).rejects.toMatchObject({ code: 'SERVER_CLOSED' })
})

test('a port that is taken is an error of the operating system', async ({ server }) => {
  await expect(startChaosProxy({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
