import { expect } from 'vitest'
import { sleep } from '../support/lab.ts'
import { check, EARLY, LATE } from './check.ts'
import { toxic } from './toxic.ts'

/** Where the slices of 100 bytes end: 100 halved until 10 is enough. */
const SLICE_ENDS = [0, 25, 50, 75].flatMap((start) => [6, 12, 18, 25].map((end) => start + end))

/** The other toxics, one by one. */
export const effects = [
  check(38, 'bandwidth: so many bytes a second for each connection', async (lab) => {
    const { proxy, port } = await lab.proxy()
    await proxy.addToxic(toxic('bandwidth', { rate: 100 }))
    const wire = await lab.connect(port)
    const sent = wire.write(Buffer.alloc(200_000))
    await wire.read(200_000)
    const took = performance.now() - sent
    expect(wire.arrivals[0]!.at - sent).toBeGreaterThan(100 - EARLY)
    expect(wire.arrivals[0]!.data.length).toBeLessThanOrEqual(30_000)
    expect(took).toBeGreaterThan(1_900)
    expect(took).toBeLessThan(2_000 + LATE)
    const together = await Promise.all([1, 2, 3, 4, 5, 6].map(() => lab.connect(port)))
    const start = performance.now()
    await Promise.all(
      together.map((each) => {
        each.write(Buffer.alloc(100_000))
        return each.read(100_000)
      }),
    )
    expect(performance.now() - start).toBeLessThan(5_000)
  }),

  check(39, 'bandwidth 0 stops everything, removing it lets everything go', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const stop = await proxy.addToxic(toxic('bandwidth', { rate: 0 }))
    const wire = await lab.connect(port)
    wire.write('stopped')
    await sleep(300)
    expect(wire.received).toBe(0)
    await stop.remove()
    expect((await wire.read(7)).toString()).toBe('stopped')
  }),

  check(40, 'slow_close delays the end alone, removing it ends at once', async (lab) => {
    const upstream = await lab.upstream((wire) => wire.socket.on('data', (data) => wire.socket.end(data)))
    const { proxy, port } = await lab.proxy(upstream)
    const slow = await proxy.addToxic(toxic('slow_close', { delay: 400 }))
    const wire = await lab.connect(port)
    const sent = wire.write('data')
    await wire.ended()
    expect(wire.bytes.toString()).toBe('data')
    expect(wire.endedAt - sent).toBeGreaterThan(400 - EARLY)
    await slow.update(toxic('slow_close', { delay: 9_000 }))
    const early = await lab.connect(port)
    const start = early.write('data')
    await early.read(4)
    await sleep(100)
    expect(early.ending).toBeUndefined()
    await slow.remove()
    await early.ended()
    expect(early.endedAt - start).toBeLessThan(6_000)
  }),

  check(41, 'timeout drops data and ends that long after the last', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const timeout = await proxy.addToxic(toxic('timeout', { timeout: 200 }))
    const start = performance.now()
    const idle = await lab.connect(port)
    expect(await idle.ended()).toBe('end')
    expect(idle.endedAt - start).toBeGreaterThan(200 - EARLY)
    expect(idle.endedAt - start).toBeLessThan(200 + LATE)
    await timeout.update(toxic('timeout', { timeout: 2_000 }))
    const busy = await lab.connect(port)
    let last = 0
    for (let count = 0; count < 30; count++) {
      last = busy.write('x')
      await sleep(80)
    }
    expect(busy.ending).toBeUndefined()
    await busy.ended()
    expect(busy.endedAt - last).toBeGreaterThan(2_000 - EARLY)
    expect(busy.received).toBe(0)
  }),

  check(42, 'timeout 0 never ends; removing it does, and so does reset', async (lab) => {
    const { proxy, port } = await lab.proxy()
    for (const end of ['DELETE', 'reset']) {
      const timeout = await proxy.addToxic(toxic('timeout', { timeout: 0 }))
      const wire = await lab.connect(port)
      wire.write('dropped')
      await sleep(300)
      expect([wire.received, wire.ending]).toEqual([0, undefined])
      if (end === 'DELETE') await timeout.remove()
      else await lab.client.reset()
      expect(await wire.ended()).toBe('end')
      expect(wire.received).toBe(0)
    }
  }),

  check(43, 'reset_peer: a reset when there from the start, else an end', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const live = await lab.connect(port)
    await live.roundTrip()
    await proxy.addToxic(toxic('reset_peer', { timeout: 150 }))
    const fresh = await lab.connect(port)
    await sleep(300)
    expect(fresh.ending).toBeUndefined()
    const sent = fresh.write('x')
    expect(await fresh.ended()).toBe('ECONNRESET')
    expect(fresh.endedAt - sent).toBeGreaterThan(150 - EARLY)
    expect(fresh.received).toBe(0)
    const before = live.received
    live.write('x')
    expect(await live.ended()).toBe('end')
    expect(live.received).toBe(before)
  }),

  check(44, 'slicer cuts into pieces with pauses, removing it lets the rest go', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const slicer = await proxy.addToxic(toxic('slicer', { average_size: 10, size_variation: 0, delay: 5_000 }))
    const wire = await lab.connect(port)
    const start = wire.write(Buffer.alloc(100))
    await wire.read(100)
    expect(wire.arrivals.at(-1)!.at - start).toBeGreaterThan(15 * 5 - EARLY)
    expect(wire.arrivals.length).toBeLessThanOrEqual(16)
    await slicer.update(toxic('slicer', { average_size: 10, size_variation: 0, delay: 60_000 }))
    const slow = await lab.connect(port)
    slow.write(Buffer.alloc(100))
    await slow.read(100)
    expect(slow.arrivals.length).toBeGreaterThan(3)
    let total = 0
    for (const { data } of slow.arrivals) {
      total += data.length
      expect(SLICE_ENDS).toContain(total)
    }
    await slicer.update(toxic('slicer', { average_size: 10, size_variation: 0, delay: 1_000_000 }))
    const rest = await lab.connect(port)
    const sent = rest.write(Buffer.alloc(100))
    await rest.read(6)
    await slicer.remove()
    await rest.read(94)
    expect(performance.now() - sent).toBeLessThan(8_000)
  }),

  check(45, 'limit_data ends after exactly so many bytes, counted since it was added', async (lab) => {
    const { proxy, port } = await lab.proxy()
    const limit = await proxy.addToxic(toxic('limit_data', { bytes: 10 }))
    const wire = await lab.connect(port)
    wire.write('0123456789abcdef')
    expect(await wire.ended()).toBe('end')
    expect(wire.bytes.toString()).toBe('0123456789')

    const counted = await lab.connect(port)
    counted.write('012345')
    await counted.read(6)
    await limit.update(toxic('limit_data', { bytes: 8 }))
    counted.write('6789')
    await counted.ended()
    expect(counted.bytes.toString()).toBe('01234567')

    await limit.update(toxic('limit_data', { bytes: 0 }))
    const none = await lab.connect(port)
    await sleep(150)
    expect(none.ending).toBeUndefined()
    none.write('x')
    await none.ended()
    expect(none.received).toBe(0)
  }),

  check(46, 'toxicity: a share of connections, each all the time', async (lab) => {
    const { proxy, port } = await lab.proxy()
    await proxy.addToxic(toxic('limit_data', { bytes: 3 }, 'downstream', 0.5))
    let spared = 0
    for (let batch = 0; batch < 10; batch++) {
      const wires = await Promise.all(Array.from({ length: 20 }, () => lab.connect(port)))
      await Promise.all(
        wires.map(async (wire) => {
          await wire.roundTrip()
          await wire.roundTrip()
          wire.write('abc')
          await wire.until(() => wire.received >= 5 || wire.ending !== undefined)
          if (wire.ending === undefined) spared++
          else expect(wire.received).toBe(3)
          wire.close()
        }),
      )
    }
    expect(spared).toBeGreaterThan(200 - 135)
    expect(spared).toBeLessThan(135)
  }),

  check(47, 'toxics chain in the order added, and survive disabling', async (lab) => {
    const { proxy, port } = await lab.proxy()
    await proxy.addToxic(toxic('latency', { latency: 200 }))
    await proxy.addToxic(toxic('limit_data', { bytes: 3 }))
    for (const round of ['first', 'after disabling']) {
      const wire = await lab.connect(port)
      const sent = wire.write('abcdef')
      expect(await wire.ended(), round).toBe('end')
      expect(wire.bytes.toString()).toBe('abc')
      expect(wire.arrivals[0]!.at - sent).toBeGreaterThan(200 - EARLY)
      await lab.http('PATCH', `/proxies/${proxy.name}`, { enabled: false })
      await lab.http('PATCH', `/proxies/${proxy.name}`, { enabled: true })
    }
  }),
]
