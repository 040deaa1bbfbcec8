import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { identifyProcess } from '@chaos-kitchen/disruptor/processes'
import { DEFAULT_PORTS } from '../../topology.ts'
import { toFailure } from '../control/failure.ts'
import type { Failure, HostMessage, HostOptions, HostStatus } from '../control/messages.ts'
import { controlApi } from '../control/server.ts'
import { type Home, homeAt, makeHome } from '../home.ts'
import { type HomeLock, lockHome } from '../lock.ts'
import { PortClaims } from '../ports/claims.ts'
import { planPorts, reserveBlock } from '../ports/plan.ts'
import { removeState } from '../state-file.ts'
import { Progress } from './progress.ts'
import { reap } from './reap.ts'
import { Restaurant } from './restaurant.ts'
import { StateKeeper } from './state-keeper.ts'

/**
 * The process that owns everything of one restaurant. It ends when it is asked to (control API, signal), when it
 * cannot start, and, unless detached, when the command that started it is gone; and with it ends everything.
 */
export class Host {
  readonly #options: HostOptions
  readonly #home: Home
  readonly #log: string
  readonly #token = randomBytes(24).toString('hex')
  readonly #ending = new AbortController()
  readonly #claims = new PortClaims()
  readonly #progress = new Progress((progress) => void tell({ type: 'progress', progress }))
  #phase: HostStatus['phase'] = 'starting'
  #lock: HomeLock | undefined
  #restaurant: Restaurant | undefined
  #keeper: StateKeeper | undefined

  constructor(options: HostOptions) {
    this.#options = options
    this.#home = homeAt(options.home)
    this.#log = join(this.#home.logs, 'host.log')
  }

  /** @returns the exit code, once nothing of the restaurant is left. */
  async run(): Promise<number> {
    this.#listenForTheEnd()
    let failure: Failure | undefined
    try {
      makeHome(this.#home)
      this.#lock = lockHome(this.#home.lockFile)
      if (this.#lock === undefined) {
        await tell({ type: 'occupied' })
        return 0
      }
      await reap(this.#home)
      // It tells of processes that are gone by now, all of them.
      await rm(this.#home.ledger, { force: true })
      await this.#open()
      this.#progress.end()
      this.#phase = 'running'
      await tell({ type: 'ready' })
      await aborted(this.#ending.signal)
    } catch (error) {
      if (!this.#ending.signal.aborted) failure = toFailure(error, this.#log)
    }
    await this.#close()
    if (failure === undefined) return 0
    console.error(failure)
    await tell({ type: 'failed', failure })
    return 1
  }

  async #open(): Promise<void> {
    const server = createServer()
    const block = await reserveBlock(server)
    const { ports, notes } = await planPorts(DEFAULT_PORTS, this.#options.portBase, block, this.#claims)
    for (const note of notes) this.#progress.note(note)
    const { pid, started } = (await identifyProcess(process.pid)) ?? { pid: process.pid, started: undefined }
    const host = { pid, ...(started !== undefined && { started }) }
    this.#keeper = new StateKeeper(this.#home, { version: 1, host, controlPort: block, token: this.#token })
    this.#keeper.update(new Map())
    const restaurant = new Restaurant({
      home: this.#home,
      ports,
      implementation: this.#options.implementation,
      onChildren: (children) => this.#keeper?.update(children),
    })
    this.#restaurant = restaurant
    const api = controlApi({
      token: this.#token,
      log: this.#log,
      status: async () => ({
        phase: this.#phase,
        detached: this.#options.detached,
        ports,
        progress: this.#progress.snapshot(),
        ...(await restaurant.status()),
      }),
      target: (name) => restaurant.targets.find((target) => target.name === name),
      useOrderService: (file) => restaurant.useOrderService(file),
      standBy: () => restaurant.standBy(),
      reset: () => restaurant.reset(),
      untilSaved: (customerId, signal) => restaurant.untilSaved(customerId, signal),
      down: () => this.#end('asked to'),
    })
    server.on('request', api)
    await restaurant.up(this.#progress, this.#ending.signal)
  }

  async #close(): Promise<void> {
    this.#phase = 'stopping'
    this.#progress.end()
    await this.#restaurant?.down()
    this.#claims.release()
    await this.#keeper?.settled()
    if (this.#lock !== undefined) await removeState(this.#home)
  }

  #listenForTheEnd(): void {
    process.on('disconnect', () => {
      // A detached restaurant stays, but not one that its command gave up while it started.
      if (!this.#options.detached || this.#phase === 'starting') this.#end('the command that started it is gone')
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#end(signal))
    for (const event of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(event, (error) => {
        console.error(error)
        this.#end('a defect of the kitchen')
      })
  }

  #end(why: string): void {
    if (this.#ending.signal.aborted) return
    console.error(`${new Date().toISOString()} ending: ${why}`)
    this.#ending.abort()
  }
}

/** Resolves also when the client has gone; then nobody needs to know. */
function tell(message: HostMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, () => resolve())
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
