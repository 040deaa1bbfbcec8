import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { PortClaims } from '../src/embedded/ports/claims.ts'
import { portHolder } from '../src/embedded/ports/holder.ts'
import { planPorts, reserveBlock } from '../src/embedded/ports/plan.ts'
import { programName } from '../src/embedded/ports/program-name.ts'
import { DEFAULT_PORTS } from '../src/index.ts'

const servers: Server[] = []
const claimed: PortClaims[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const claim of claimed.splice(0)) claim.release()
})

test('a taken port is replaced by one of the own block, and its holder is named', async () => {
  const block = await reserveBlock(opened(createServer()))
  // Ports of another block, so that nobody else takes them; the second of them is taken, by this process.
  const base = (await reserveBlock(opened(createServer()))) + 1
  opened(createServer()).listen(base + 1, '127.0.0.1')
  const { ports, notes } = await planPorts(DEFAULT_PORTS, base, block, claims())
  expect(ports.collector).toBe(base)
  expect(ports.proxy).toBe(block + 1)
  expect(ports['client-order']).toBe(base + 2)
  const own =
    process.platform === 'linux' ? /^Port \d+ is taken by .+ \(pid \d+\); using \d+\.$/ : /is taken by .+; using/
  expect(notes).toEqual([expect.stringMatching(own)])
  expect(notes[0]).toContain(`Port ${base + 1} `)
  expect(notes[0]).toContain(`using ${block + 1}.`)
})

test('where many ports are taken, one sentence says so', async () => {
  const block = await reserveBlock(opened(createServer()))
  const base = (await reserveBlock(opened(createServer()))) + 1
  for (const offset of [0, 1, 2]) opened(createServer()).listen(base + offset, '127.0.0.1')
  const { notes } = await planPorts(DEFAULT_PORTS, base, block, claims())
  expect(notes).toEqual([
    expect.stringMatching(/^Ports \d+ and 2 more are taken, the first by .+; using \d+ to \d+\.$/),
  ])
})

test('a port that its restaurant has just let go of is not taken by another', async () => {
  const [first, second] = [await reserveBlock(opened(createServer())), await reserveBlock(opened(createServer()))]
  const base = (await reserveBlock(opened(createServer()))) + 1
  const restaurant = claims()
  const wanted = await planPorts(DEFAULT_PORTS, base, first, restaurant)
  expect(wanted.ports.order).toBeLessThan(base + 20)
  const beside = await planPorts(DEFAULT_PORTS, base, second, claims())
  expect(Object.values(beside.ports).every((port) => port > second && port < second + 20)).toBe(true)
  expect(beside.notes).toEqual([expect.stringMatching(/^Ports \d+ and 11 more are taken, the first by .+$/)])
  restaurant.release()
  const later = await planPorts(DEFAULT_PORTS, base, second, claims())
  expect(later.ports).toEqual(wanted.ports)
})

test('zero takes none of the wanted ports', async () => {
  const block = await reserveBlock(opened(createServer()))
  const { ports, notes } = await planPorts(DEFAULT_PORTS, 0, block, claims())
  const given = Object.values(ports)
  expect(notes).toEqual([])
  expect(new Set(given).size).toBe(Object.keys(DEFAULT_PORTS).length)
  expect(given.every((port) => port > block && port < block + 20)).toBe(true)
})

test('two hosts never share a block', async () => {
  const blocks = await Promise.all(Array.from({ length: 5 }, () => reserveBlock(opened(createServer()))))
  expect(new Set(blocks).size).toBe(5)
})

test.runIf(process.platform === 'linux' || process.platform === 'darwin')(
  'who listens on a port is found',
  async () => {
    const server = opened(createServer()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const found = await portHolder(port)
    expect(found).toMatchObject({ pid: process.pid, name: expect.stringMatching(/^node\b/) })
    server.close()
    await once(server, 'close')
    expect(await portHolder(port)).toBeUndefined()
  },
)

test.each([
  ['/usr/bin/node|--import|@scope/thing/register|services/order/src/main.ts', 'node order/src/main.ts'],
  ['/opt/node/bin/node|/repo/node_modules/.bin/vite', 'node node_modules/.bin/vite'],
  ['node|-e|setInterval(f, 9)', 'node'],
  ['python3.13|-m|http.server|8080', 'python3.13'],
  ['/usr/lib/postgresql/18/bin/postgres|-D|/data', 'postgres'],
  ['nginx: master process /usr/sbin/nginx||', 'nginx'],
  ['next-server (v16.0.1)|', 'next-server'],
  ['/opt/My App/app', 'app'],
  ['|', undefined],
])('%s is called %s', (commandLine, name) => expect(programName(commandLine.split('|'))).toBe(name))

function claims(): PortClaims {
  const made = new PortClaims()
  claimed.push(made)
  return made
}

function opened(server: Server): Server {
  servers.push(server)
  return server
}
