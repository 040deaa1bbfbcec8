import { createServer, type Server } from 'node:net'
import { StageError } from '../../stage.ts'
import { HOST } from '../layout.ts'
import type { PortClaims } from './claims.ts'
import { portHolder } from './holder.ts'
import { BLOCK_SIZE, listens } from './listen.ts'

export interface PortPlan<Name extends string> {
  ports: Record<Name, number>
  /** One sentence for each port that was taken, or one for all where there are many. */
  notes: string[]
}

/**
 * Gives everything a port: the wanted one where it is free, one of the block otherwise.
 * @param defaults the ports that are wanted without a `portBase`
 * @param portBase first of the wanted ports; 0 wants none and takes all of the block; the defaults when undefined
 * @param block first of the ports that are the caller's own, see `reserveBlock`
 * @param claims keeps the wanted ports from other restaurants
 */
export async function planPorts<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  portBase: number | undefined,
  block: number,
  claims: PortClaims,
): Promise<PortPlan<Name>> {
  const spare = Iterator.from(range(block + 1, block + BLOCK_SIZE))
  const ports: Record<Name, number> = { ...defaults }
  const moved: Moved[] = []
  let index = 0
  for (const name in ports) {
    const wanted = portBase === undefined ? defaults[name] : portBase + index
    index++
    if (portBase !== 0 && (await claims.claim(wanted)) && (await isFree(wanted))) {
      ports[name] = wanted
      continue
    }
    ports[name] = await firstFree(spare)
    if (portBase !== 0) moved.push({ wanted, used: ports[name] })
  }
  return { ports, notes: await notesOn(moved) }
}

/**
 * Listens on the first port of a block of twenty that nobody else has: whoever holds that port owns the block, so
 * hosts that start side by side never race for a port. The blocks lie below the ephemeral ports of Linux, macOS and
 * Windows, where an outgoing connection could take a port between the look and the use.
 */
export async function reserveBlock(server: Server): Promise<number> {
  const blocks = Math.floor((LAST_PORT - FIRST_PORT) / BLOCK_SIZE)
  // Neighbours in time start at different places; any block does, so chance needs no seed here.
  const start = (process.pid * 7) % blocks
  for (let i = 0; i < blocks; i++) {
    const port = FIRST_PORT + ((start + i) % blocks) * BLOCK_SIZE
    if (await listens(server, port)) return port
  }
  throw new StageError('no-free-port', {
    what: `No port between ${FIRST_PORT} and ${LAST_PORT} is free on ${HOST}.`,
    meaning: 'The restaurant needs about a dozen ports.',
    remedy: ['pnpm workshop down    to end a restaurant that still runs'],
  })
}

const FIRST_PORT = 20_000
const LAST_PORT = 32_000

async function firstFree(spare: Iterator<number>): Promise<number> {
  for (let next = spare.next(); !next.done; next = spare.next()) if (await isFree(next.value)) return next.value
  throw new StageError('no-free-port', {
    what: 'Too many ports are taken.',
    meaning: 'The restaurant needs about a dozen ports.',
    remedy: ['pnpm workshop up --port-base 12000    to use others'],
  })
}

async function isFree(port: number): Promise<boolean> {
  if (port < 1 || port > 65_535) return false
  const server = createServer()
  if (!(await listens(server, port))) return false
  await new Promise((resolve) => server.close(resolve))
  return true
}

interface Moved {
  wanted: number
  used: number
}

/** Another restaurant holds all of them; twelve sentences would say no more than one. */
const MANY = 3

async function notesOn(moved: readonly Moved[]): Promise<string[]> {
  const [first, last] = [moved[0], moved.at(-1)]
  if (first === undefined || last === undefined) return []
  if (moved.length < MANY)
    return Promise.all(
      moved.map(async ({ wanted, used }) => `Port ${wanted} is taken by ${await holderOf(wanted)}; using ${used}.`),
    )
  const by = await holderOf(first.wanted)
  return [
    `Ports ${first.wanted} and ${moved.length - 1} more are taken, the first by ${by}; using ${first.used} to ${last.used}.`,
  ]
}

async function holderOf(port: number): Promise<string> {
  const holder = await portHolder(port)
  return holder === undefined ? 'another program' : `${holder.name} (pid ${holder.pid})`
}

function* range(from: number, to: number): Generator<number> {
  for (let i = from; i < to; i++) yield i
}
