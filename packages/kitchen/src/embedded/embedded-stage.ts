import type { ChildProcess } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { healFromLedger, ledgerAt, type Target } from '@chaos-kitchen/disruptor'
import {
  type Stage,
  type StageAddresses,
  StageError,
  type StageProxies,
  type StageStatus,
  type UpOptions,
} from '../stage.ts'
import { HOP_NAMES, SERVICES } from '../topology.ts'
import { embeddedAddresses } from './addresses.ts'
import { type Connection, findHost, hostEnded } from './connection.ts'
import type { ControlClient } from './control/client.ts'
import { type Home, homeAt, homeFolder, SHARED_FOLDER, STARTING_SERVICE } from './home.ts'
import { removeToxic } from './http.ts'
import { HOST, type Ports } from './layout.ts'
import { reapDead } from './reap-dead.ts'
import { remoteTarget } from './remote-target.ts'
import { startHost } from './start-host.ts'

/** For another process that just ends or cleans up this restaurant. */
const OCCUPIED_WITHIN = 20_000

/** The restaurant as processes of this machine, with a real PostgreSQL and without Docker. */
export class EmbeddedStage implements Stage {
  readonly kind = 'embedded'
  readonly home: Home
  readonly ledger: string
  #connection: Connection | undefined
  /** The host, where this stage started it. */
  #own: ChildProcess | undefined

  /** @param folder where the restaurant keeps its state; `KITCHEN_HOME`, or .kitchen of the repository, by default */
  constructor(folder: string = homeFolder()) {
    this.home = homeAt(resolve(folder))
    this.ledger = this.home.ledger
  }

  /** Without `detached`, the restaurant ends with this process, however that ends. */
  async up(options: UpOptions = {}): Promise<void> {
    const { signal, onProgress } = options
    const deadline = Date.now() + OCCUPIED_WITHIN
    for (;;) {
      signal?.throwIfAborted()
      const found = await findHost(this.home)
      if (found === undefined) this.#forget()
      if (found?.status.phase === 'running') {
        await this.#adopt(found, options)
        return
      } else if (found?.status.phase === 'starting') {
        onProgress?.(progressOf(found))
        await sleep(100, undefined, { signal })
      } else if (found === undefined && (await this.#start(options))) {
        return
      } else {
        if (Date.now() > deadline) throw occupied()
        onProgress?.({ ready: [], waiting: ['another restaurant, which just ends'] })
        await sleep(100, undefined, { signal })
      }
    }
  }

  /**
   * Ends the restaurant that this stage started, or, when `up` was not called, the one that runs in this home. One
   * that `up` found running and adopted is somebody else's and stays.
   */
  async down(): Promise<void> {
    const connection = this.#connection
    const own = this.#own
    this.#forget()
    if (connection !== undefined && own === undefined) return
    const running = connection ?? (await findHost(this.home))
    if (running === undefined) return reapDead(this.home)
    // It may have ended already, by its own or another's doing.
    await running.control.down().catch((error) => {
      if (!(error instanceof StageError && error.code === 'stage-gone')) throw error
    })
    await hostEnded(running)
    await reapDead(this.home)
  }

  /**
   * Removes every file of the restaurant in this home, and nothing that anybody else put there. Where that is the
   * repository's own home, also what all restaurants share, which the next start makes again. Only after `down`.
   */
  async purge(): Promise<void> {
    const { logs, data, traces, ledger, stateFile, lockFile } = this.home
    const files = [logs, data, traces, `${traces}-wal`, `${traces}-shm`, ledger, stateFile, lockFile]
    if (this.home.folder === SHARED_FOLDER) files.push(...(await sharedFiles()))
    await Promise.all(files.map((file) => rm(file, { recursive: true, force: true })))
  }

  reset(): Promise<void> {
    return this.#control().reset()
  }

  async status(): Promise<StageStatus> {
    const found = await findHost(this.home)
    if (found === undefined) return { running: false, services: [], toxics: 0, detached: false }
    const { phase, services, toxics, detached } = found.status
    return { running: phase === 'running', services: services.map(serviceOf), toxics, detached }
  }

  targets(): Target[] {
    return [...SERVICES, 'postgres'].map((name) => remoteTarget(name, () => this.#control()))
  }

  proxies(): StageProxies {
    return { apiUrl: `http://${HOST}:${this.#ports().proxy}`, hops: [...HOP_NAMES] }
  }

  addresses(): StageAddresses {
    return embeddedAddresses(this.#ports())
  }

  useOrderService(file: string): Promise<void> {
    return this.#control().useOrderService(resolve(file))
  }

  standBy(): Promise<void> {
    return this.#control().standBy()
  }

  untilSaved(customerId: string, signal: AbortSignal): Promise<void> {
    return this.#control().untilSaved(customerId, signal)
  }

  async #start(options: UpOptions): Promise<boolean> {
    const { portBase, detached = false, orderService = STARTING_SERVICE } = options
    const host = await startHost(
      {
        home: this.home.folder,
        implementation: resolve(orderService),
        detached,
        ...(portBase !== undefined && { portBase }),
      },
      options,
    )
    if (host === undefined) return false
    if (detached) host.disconnect()
    // The command may end when its own work does; the open channel then tells the host.
    host.channel?.unref()
    host.unref()
    this.#connection = await findHost(this.home)
    if (this.#connection === undefined) throw occupied()
    this.#own = host
    return true
  }

  async #adopt(found: Connection, { orderService, detached, onProgress }: UpOptions): Promise<void> {
    if (detached && !found.status.detached)
      onProgress?.({ ...progressOf(found), note: 'The restaurant belongs to another command and ends with it.' })
    this.#connection = found
    await healFromLedger(this.targets(), {
      ledger: ledgerAt(this.ledger),
      removeToxic: (hop, toxic) => removeToxic(this.proxies().apiUrl, hop, toxic),
    })
    if (orderService !== undefined) await this.useOrderService(orderService)
  }

  #forget(): void {
    this.#connection = undefined
    this.#own = undefined
  }

  #control(): ControlClient {
    return this.#up().control
  }

  #ports(): Ports {
    return this.#up().status.ports
  }

  #up(): Connection {
    if (this.#connection !== undefined) return this.#connection
    throw new StageError('not-up', {
      what: 'The restaurant is not running.',
      meaning: 'This needs the restaurant.',
      remedy: ['pnpm workshop up    to start it'],
    })
  }
}

/** The initialised PostgreSQL folder and Node's compile cache. */
async function sharedFiles(): Promise<string[]> {
  const names = await readdir(SHARED_FOLDER).catch(() => [])
  const shared = names.filter((name) => name === 'compile-cache' || name.startsWith('template-'))
  return shared.map((name) => join(SHARED_FOLDER, name))
}

function progressOf({ status: { progress } }: Connection) {
  return { ready: progress.ready, waiting: progress.waiting }
}

function serviceOf({ name, state, ready, pid, url, endsByItself }: Connection['status']['services'][number]) {
  return {
    ...{ name, state, ready },
    ...(pid !== undefined && { pid }),
    ...(url !== undefined && { url }),
    ...(endsByItself !== undefined && { endsByItself }),
  }
}

function occupied(): StageError {
  return new StageError('stage-occupied', {
    what: 'Another process holds this restaurant, and does not end.',
    meaning: 'Two restaurants cannot share one folder.',
    remedy: [
      'pnpm workshop down    to end the other',
      'KITCHEN_HOME=/another/folder pnpm workshop    to run one beside it',
    ],
  })
}
