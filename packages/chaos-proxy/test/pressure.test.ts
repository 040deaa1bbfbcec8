import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startChaosProxy } from '../src/index.ts'
import { eventually, Lab, sleep } from './support/lab.ts'

const LOTS = randomBytes(1024 * 1024)

test.each([
  ['no toxic', undefined, 1],
  ['noop', { type: 'noop' }, 1],
  ['slicer', { type: 'slicer', attributes: { average_size: 50_000 } }, 1],
  ['bandwidth', { type: 'bandwidth', attributes: { rate: 1_000_000 } }, 1],
  ['latency', { type: 'latency', attributes: { latency: 10 } }, 33],
] as const)('a slow reader makes a slow writer, through %s', async (_name, toxic, heldMegabytes) => {
  await using server = await startChaosProxy({ seed: 7 })
  const lab = new Lab(server.url)
  const upstream = await lab.upstream((wire) => wire.socket.pause())
  const proxy = await server.proxy({
    upstream: upstream.port,
    toxics: toxic === undefined ? [] : [{ ...toxic, stream: 'upstream' }],
  })
  const writer = await lab.connect(proxy.port)
  let written = 0
  while (writer.socket.writableLength < 4 * LOTS.length && written < 200) {
    writer.write(LOTS)
    written++
    await sleep(1)
  }
  await steady(() => proxy.connections[0]?.received.upstream ?? 0)
  const [connection] = proxy.connections
  expect(written).toBeLessThan(200)
  expect(connection!.held.upstream).toBeLessThanOrEqual(heldMegabytes * LOTS.length)
  const reader = await upstream.wire(0)
  reader.socket.resume()
  await eventually(() => reader.received === written * LOTS.length, 20_000)
  expect(repeats(reader.arrivals, LOTS)).toBe(true)
  await lab.end()
})

/** Waits until a number stays what it is for a while. */
async function steady(read: () => number): Promise<void> {
  for (let before = -1; before !== read(); ) {
    before = read()
    await sleep(150)
  }
}

/** Whether all that arrived is `content` again and again. */
function repeats(arrivals: readonly { readonly data: Buffer }[], content: Buffer): boolean {
  let at = 0
  for (const { data } of arrivals) {
    for (let from = 0; from < data.length; ) {
      const length = Math.min(data.length - from, content.length - at)
      if (data.compare(content, at, at + length, from, from + length) !== 0) return false
      from += length
      at = (at + length) % content.length
    }
  }
  return true
}
