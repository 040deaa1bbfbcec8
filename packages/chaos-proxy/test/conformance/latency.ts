import { expect } from 'vitest'
import { sleep } from '../support/lab.ts'
import { check, EARLY, LATE } from './check.ts'
import { toxic } from './toxic.ts'

/** Delays that differ by more than this can be told apart. */
const NEAR = 25

/** Delays, on new connections and on open ones. */
export const latency = [
  check(32, 'add, change and remove apply to an open connection', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const wire = await lab.connect(port)
    const roundTrip = async (due: number) => {
      const least = await wire.leastRoundTrip(due + NEAR)
      expect(least).toBeGreaterThan(due - EARLY)
      expect(least).toBeLessThan(due + NEAR)
    }
    await roundTrip(0)
    const first = await proxy.addToxic(toxic('latency', { latency: 100 }))
    await roundTrip(100)
    const second = await proxy.addToxic(toxic('latency', { latency: 50 }, 'upstream'))
    await roundTrip(150)
    await lab.http('PATCH', `/proxies/${proxy.name}/toxics/${first.name}`, { attributes: { latency: 20 } })
    await roundTrip(70)
    await first.remove()
    await second.remove()
    await roundTrip(0)
  }),

  check(33, 'delays overlap: a stream keeps its speed', async (lab) => {
    const { proxy, port } = await lab.proxy()
    await proxy.addToxic(toxic('latency', { latency: 100 }))
    const wire = await lab.connect(port)
    const sent: number[] = []
    for (let count = 0; count < 50; count++) {
      sent.push(wire.write('x'))
      await sleep(10)
    }
    await wire.read(50)
    const last = wire.arrivals.at(-1)?.at ?? 0
    expect(last - (sent.at(-1) ?? 0)).toBeGreaterThan(100 - EARLY)
    expect(last - (sent[0] ?? 0)).toBeLessThan(4_900)
    const start = wire.write(Buffer.alloc(20_000_000))
    await wire.read(20_000_000)
    expect(performance.now() - start).toBeLessThan(25_000)
  }),

  check(34, 'remove lets go of what is held, at once and in order', async (lab) => {
    const { proxy, upstream, port } = await lab.proxy()
    const held = await proxy.addToxic(toxic('latency', { latency: 9_000 }))
    const wire = await lab.connect(port)
    const sent = wire.write('1')
    for (const digit of '2345') {
      await sleep(20)
      wire.write(digit)
    }
    await (await upstream.wire(0)).read(5)
    await sleep(50)
    expect(wire.received).toBe(0)
    await held.remove()
    expect((await wire.read(5)).toString()).toBe('12345')
    expect(performance.now() - sent).toBeLessThan(5_000)
  }),

  check(35, 'change lets go of the one that is held and times the others anew', async (lab) => {
    const { proxy, upstream, port } = await lab.proxy()
    await proxy.addToxic(toxic('latency', { latency: 9_000 }))
    const wire = await lab.connect(port)
    const sent: number[] = []
    for (const digit of '123') {
      sent.push(wire.write(digit))
      await (await upstream.wire(0)).read(1)
      await sleep(100)
    }
    await lab.http('PATCH', `/proxies/${proxy.name}/toxics/latency_downstream`, { attributes: { latency: 3_000 } })
    expect((await wire.read(3)).toString()).toBe('123')
    const [first, ...others] = wire.arrivals
    expect(first?.data.toString()).toBe('1')
    expect((first?.at ?? 0) - (sent[0] ?? 0)).toBeLessThan(2_900)
    expect((others[0]?.at ?? 0) - (sent[1] ?? 0)).toBeGreaterThan(3_000 - EARLY)
    expect((others.at(-1)?.at ?? 0) - (sent[2] ?? 0)).toBeGreaterThan(3_000 - EARLY)
    expect((others.at(-1)?.at ?? 0) - (sent[2] ?? 0)).toBeLessThan(3_000 + LATE)
  }),

  check(36, 'an end is not delayed, except by data before it', async (lab) => {
    const upstream = await lab.upstream((wire) => wire.socket.on('data', (data) => wire.socket.end(`${data}!`)))
    const { proxy, port } = await lab.proxy(upstream)
    await proxy.addToxic(toxic('latency', { latency: 4_000 }))
    const idle = await lab.connect(port)
    const ending = await upstream.wire(0)
    const start = performance.now()
    ending.socket.end()
    await idle.ended()
    expect(idle.endedAt - start).toBeLessThan(3_000)
    await lab.http('PATCH', `/proxies/${proxy.name}/toxics/latency_downstream`, { attributes: { latency: 300 } })
    const busy = await lab.connect(port)
    const sent = busy.write('data')
    expect(await busy.ended()).toBe('end')
    expect(busy.bytes.toString()).toBe('data!')
    expect(busy.arrivals[0]!.at - sent).toBeGreaterThan(300 - EARLY)
  }),

  check(37, 'jitter stays within its bounds and keeps the order', async (lab) => {
    const { proxy, port } = await lab.proxy()
    await proxy.addToxic(toxic('latency', { latency: 50, jitter: 40 }))
    const wire = await lab.connect(port)
    const trips: number[] = []
    for (let count = 0; count < 20; count++) trips.push(await wire.roundTrip())
    const least = Math.min(...trips)
    expect(least).toBeGreaterThan(10 - EARLY)
    expect(least).toBeLessThan(50)
    expect(Math.max(...trips)).toBeGreaterThan(50)
    expect(trips.toSorted((a, b) => a - b)[5]).toBeLessThan(90 + LATE)
    await lab.http('PATCH', `/proxies/${proxy.name}/toxics/latency_downstream`, {
      attributes: { latency: 20, jitter: 50 },
    })
    const text = 'abcdefghijklmnopqrstuvwxyz'
    for (const letter of text) {
      wire.write(letter)
      await sleep(3)
    }
    expect((await wire.read(text.length)).toString()).toBe(text)
  }),
]
