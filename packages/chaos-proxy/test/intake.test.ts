import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startChaosProxy, type ToxicSpec } from '../src/index.ts'
import { randomFor } from '../src/random.ts'
import { Intake } from '../src/stream/intake.ts'
import { sleep } from './support/lab.ts'
import { Upstream } from './support/upstream.ts'

const MEGABYTES = 2
const CONNECTIONS = 3

const TOXICS: readonly (readonly [name: string, toxics: readonly ToxicSpec[]])[] = [
  ['no toxic', []],
  ['noop', [{ type: 'noop' }]],
  ['latency 0', [{ type: 'latency', attributes: { latency: 0 } }]],
  ['latency with jitter', [{ type: 'latency', attributes: { latency: 3, jitter: 3 } }]],
  ['slicer', [{ type: 'slicer', attributes: { average_size: 10_000, size_variation: 5_000 } }]],
  ['bandwidth and latency', [{ type: 'bandwidth', attributes: { rate: 20_000 } }, { type: 'latency' }]],
]

test.each(TOXICS)('what is read into a used buffer arrives as it was sent, through %s', async (_name, toxics) => {
  await using server = await startChaosProxy({ seed: 5 })
  const upstream = await Upstream.start((wire) => wire.socket.pipe(wire.socket))
  const both = toxics.flatMap((toxic) => [
    { ...toxic, stream: 'upstream' as const },
    { ...toxic, stream: 'downstream' as const },
  ])
  const proxy = await server.proxy({ upstream: upstream.port, toxics: both })
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => echo(proxy.port, index)))
  // The buffers of those connections are used again by these.
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => echo(proxy.port, index + CONNECTIONS)))
  await upstream.close()
})

test('a socket that cannot be moved is read all the same', () => {
  const accepted = new Socket()
  const intake = new Intake()
  const read: string[] = []
  intake.receive = (data) => read.push(data.toString()) > 0
  expect(intake.adopt(accepted)).toBe(accepted)
  accepted.emit('data', Buffer.from('a'))
  expect(read).toEqual(['a'])
})

/** Writes pieces of random sizes and content, reads them back with pauses at random, and compares. */
async function echo(port: number, index: number): Promise<void> {
  const random = randomFor(20261126, 'echo', index)
  const socket = connect({ port, host: '127.0.0.1' })
  const sent = createHash('sha1')
  const got = createHash('sha1')
  let received = 0
  socket.on('data', (data) => {
    got.update(data)
    received += data.length
    if (random() > 0.02) return
    socket.pause()
    setTimeout(() => socket.resume(), random() * 5)
  })
  let written = 0
  while (written < MEGABYTES * 1_000_000) {
    const piece = Buffer.allocUnsafe(Math.ceil(random() ** 4 * 200_000))
    for (let at = 0; at < piece.length; at++) piece[at] = random() * 256
    sent.update(piece)
    written += piece.length
    if (!socket.write(piece)) await once(socket, 'drain')
    else if (random() < 0.1) await sleep(1)
  }
  const deadline = performance.now() + 20_000
  while (received < written && performance.now() < deadline) await sleep(5)
  socket.destroy()
  expect(received).toBe(written)
  expect(got.digest('hex')).toBe(sent.digest('hex'))
}
