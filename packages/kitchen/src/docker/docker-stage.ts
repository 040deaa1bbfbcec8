import { rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { healFromLedger, ledgerAt, restore, type Target } from '@chaos-kitchen/disruptor'
import { containerTarget, type Engine, EngineError, findEngine } from '@chaos-kitchen/disruptor/containers'
import { type Home, homeAt, homeFolder, makeHome } from '../embedded/home.ts'
import { postJson, removeToxic } from '../embedded/http.ts'
import { HOST } from '../embedded/layout.ts'
import { type HomeLock, lockHome } from '../embedded/lock.ts'
import {
  type Stage,
  type StageAddresses,
  StageError,
  type StageProxies,
  type StageStatus,
  type UpOptions,
} from '../stage.ts'
import { HOP_NAMES, SERVICES } from '../topology.ts'
import { Turns } from '../turns.ts'
import { untilSaved } from '../until-saved.ts'
import { dockerAddresses, type RunningPorts } from './addresses.ts'
import { bringUp } from './bring-up.ts'
import { readContainers } from './containers.ts'
import { openEngine } from './engine.ts'
import { type Guard, guardContainers } from './guard/guard.ts'
import { DATABASE_PASSWORD } from './layout.ts'
import { projectNamed } from './project.ts'
import { probeOf } from './readiness.ts'
import { portReservation } from './settings.ts'
import { statusOf } from './status.ts'
import { takeDown } from './take-down.ts'
import { replaceOrderService } from './use-order-service.ts'
import { heldTargets, wake } from './wake.ts'

export interface DockerStageOptions {
  /** Where reports and the ledger are kept; `KITCHEN_HOME`, or .kitchen of the repository, by default. */
  folder?: string
  /** Compose project; `KITCHEN_PROJECT` or chaos-kitchen by default. Several run side by side. */
  project?: string
  environment?: NodeJS.ProcessEnv
}

/** The restaurant as containers: compose.yaml with Toxiproxy and Grafana. The containers are all its state. */
export class DockerStage implements Stage {
  readonly kind = 'docker'
  readonly project: string
  readonly home: Home
  readonly ledger: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #lockFile: string
  #running: { engine: Engine; ports: RunningPorts; addresses: StageAddresses; own: boolean } | undefined
  #reservation: Server = portReservation()
  readonly #turns = new Turns()
  /** Of containers that this stage made. */
  #guard: Guard | undefined

  constructor({ folder, project, environment = process.env }: DockerStageOptions = {}) {
    this.project = projectNamed(project ?? environment.KITCHEN_PROJECT)
    this.home = homeAt(resolve(folder ?? homeFolder(environment)))
    // Of its own: the targets of the other stage have the same names.
    this.ledger = join(this.home.folder, `${this.project}.ledger.jsonl`)
    this.#lockFile = join(this.home.folder, `${this.project}.lock`)
    this.#environment = environment
  }

  /** Without `detached`, containers that this makes end with this process, however that ends. */
  async up(options: UpOptions = {}): Promise<void> {
    if (this.#running !== undefined) return
    const engine = await openEngine(this.#environment)
    makeHome(this.home)
    const lock = await this.#lock(options)
    try {
      const found = await readContainers(engine.docker, this.project)
      if (!options.detached && !found.some(({ service }) => service === 'order'))
        this.#guard ??= guardContainers({ project: this.project, lockFile: this.#lockFile }, this.#environment)
      const ledger = ledgerAt(this.ledger)
      const held = await heldTargets(ledger)
      // With another implementation to come, one that cannot start need not be tried.
      await wake(engine.docker, this.project, options.orderService ? new Set([...held, 'order']) : held)
      const place = { ...engine, project: this.project, reservation: this.#reservation, held }
      const { ports, adopted } = await bringUp(place, options, this.#environment)
      this.#running = { engine, ports, addresses: dockerAddresses(ports), own: !adopted }
      const { apiUrl } = this.proxies()
      await healFromLedger(this.targets(), { ledger, removeToxic: (hop, toxic) => removeToxic(apiUrl, hop, toxic) })
      if (adopted && options.orderService !== undefined) await this.useOrderService(options.orderService)
    } finally {
      lock.release()
    }
  }

  /**
   * Ends the restaurant that this stage started, or, when `up` was not called, the one of this project. One that `up`
   * found and adopted is somebody else's and stays. What PostgreSQL and Grafana keep in volumes lasts; see `purge`.
   */
  async down(): Promise<void> {
    const running = this.#running
    this.#forget()
    if (running?.own === false) return
    const { docker } = running?.engine ?? (await openEngine(this.#environment))
    await takeDown(docker, this.project, { volumes: false })
    this.#unguard()
  }

  /** Removes every container, network, volume and file of this project, and nothing else. */
  async purge(): Promise<void> {
    this.#forget()
    const { docker } = await openEngine(this.#environment)
    await takeDown(docker, this.project, { volumes: true })
    this.#unguard()
    await Promise.all([this.ledger, this.#lockFile].map((file) => rm(file, { force: true })))
  }

  reset(): Promise<void> {
    return this.#turns.take(async (given) => {
      await postJson(`${this.proxies().apiUrl}/reset`, undefined, given)
      await Promise.all(this.targets().map((target) => restore(target, given)))
      const { direct } = this.addresses()
      await Promise.all(SERVICES.map((name) => postJson(`${direct[name]}/test/reset`, undefined, given)))
    })
  }

  async status(): Promise<StageStatus> {
    try {
      const { docker } = await findEngine(this.#environment)
      return await statusOf(docker, await readContainers(docker, this.project))
    } catch (error) {
      // Without an engine nothing runs on it; `up` says what is the matter with it.
      if (error instanceof EngineError) return { running: false, services: [], toxics: 0, detached: false }
      throw error
    }
  }

  targets(): Target[] {
    return [...SERVICES, 'postgres'].map((name) => {
      const { engine, ports } = this.#up()
      const ready = probeOf(name, ports)
      return containerTarget({ docker: engine.docker, project: this.project, name, ...(ready && { ready }) })
    })
  }

  proxies(): StageProxies {
    return { apiUrl: `http://${HOST}:${this.#up().ports.proxy}`, hops: [...HOP_NAMES] }
  }

  addresses(): StageAddresses {
    return this.#up().addresses
  }

  useOrderService(file: string): Promise<void> {
    const { engine, ports } = this.#up()
    return this.#turns.overtake((given) => replaceOrderService(engine.docker, this.project, ports, file, given))
  }

  untilSaved(customerId: string, signal: AbortSignal): Promise<void> {
    return untilSaved({ port: this.#up().ports.postgres, password: DATABASE_PASSWORD }, customerId, signal)
  }

  #up() {
    if (this.#running !== undefined) return this.#running
    throw new StageError('not-up', {
      what: 'The restaurant is not running.',
      meaning: 'This needs the restaurant.',
      remedy: ['pnpm workshop up --docker    to start it'],
    })
  }

  #unguard(): void {
    this.#guard?.release()
    this.#guard = undefined
  }

  #forget(): void {
    this.#running = undefined
    this.#reservation.close()
    this.#reservation = portReservation()
  }

  /** One command at a time makes or starts containers. */
  async #lock({ signal, onProgress }: UpOptions): Promise<HomeLock> {
    for (;;) {
      signal?.throwIfAborted()
      const lock = lockHome(this.#lockFile)
      if (lock !== undefined) return lock
      onProgress?.({ ready: [], waiting: ['another command, which starts the same restaurant'] })
      await sleep(250, undefined, { signal })
    }
  }
}
