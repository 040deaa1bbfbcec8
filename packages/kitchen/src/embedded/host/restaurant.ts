import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { StageError, type StageStatus } from '../../stage.ts'
import { type Layout, SERVICES, type ServiceName } from '../../topology.ts'
import { Turns } from '../../turns.ts'
import { untilSaved } from '../../until-saved.ts'
import { Guard } from '../guard/guard.ts'
import { type Home, REPOSITORY } from '../home.ts'
import { postJson, send } from '../http.ts'
import { embeddedLayout, HOST, type Ports } from '../layout.ts'
import { collectorProcess } from '../parts/collector.ts'
import { LogFile } from '../parts/log-file.ts'
import { proxyProcess } from '../parts/proxy.ts'
import { serviceProcess, spawnService } from '../parts/service.ts'
import { StandBy } from '../parts/stand-by.ts'
import { Supervised } from '../parts/supervised.ts'
import { postgresBinaries } from '../postgres/binaries.ts'
import { postgresOwner } from '../postgres/owner.ts'
import { postgresProcess } from '../postgres/server.ts'
import { copyTemplate, findOrMakeTemplate } from '../postgres/template.ts'
import type { Progress } from './progress.ts'

/** Until everything is ready at first start, and until one part is ready again later. */
const UP_WITHIN = 120_000
const READY_WITHIN = 60_000
/** A service that a file change or the end of the restaurant stops need not finish its requests. */
const DISCARD_WITHIN = 250
/** PostgreSQL removes its shared memory on the way. */
const DISCARD_POSTGRES_WITHIN = 3_000

/** All that the host runs. */
export class Restaurant {
  readonly home: Home
  readonly ports: Ports
  readonly #parts = new Map<string, Supervised>()
  readonly #guard: Guard
  /** PostgreSQL's, once it is known. */
  #password = ''
  readonly #onChildren: (children: ReadonlyMap<string, number>) => void
  #implementation: string
  /** The next order service; undefined until its surroundings are known. */
  #next: StandBy | undefined
  readonly #turns = new Turns()
  #ending = false

  constructor(options: {
    home: Home
    ports: Ports
    implementation: string
    /** Told the pids that run now, after every change. */
    onChildren(children: ReadonlyMap<string, number>): void
  }) {
    this.home = options.home
    this.ports = options.ports
    this.#implementation = options.implementation
    this.#onChildren = options.onChildren
    this.#guard = new Guard(() => new LogFile(options.home.logs, 'guard').open())
  }

  get targets(): Supervised[] {
    return [...this.#parts.values()].filter(({ eligible }) => eligible)
  }

  /** @throws StageError when anything cannot start; the caller then takes all down. */
  async up(progress: Progress, signal: AbortSignal): Promise<void> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(UP_WITHIN)])
    const binaries = await postgresBinaries()
    const owner = await postgresOwner()
    const template = await findOrMakeTemplate(binaries, owner)
    signal.throwIfAborted()
    this.#password = template.password
    const layout = embeddedLayout(this.ports, template.password)
    const start = async (part: Supervised) => {
      // What is still being prepared when the restaurant ends must not start behind its back.
      if (this.#ending) return
      await progress.track(
        part.name,
        part.start().then(() => part.ready(within)),
      )
    }
    const postgres = this.#add('postgres', (more) => ({
      ...postgresProcess({
        binaries,
        owner,
        data: this.home.data,
        port: this.ports.postgres,
        password: template.password,
        log: () => more.log.open(),
      }),
      ...more,
    }))
    const data = copyTemplate(template, this.home.data, binaries, owner)
    const parts = [
      this.#add('proxy', (more) => proxyProcess(this.ports.proxy, layout, more)),
      ...SERVICES.map((name) => this.#addService(name, layout)),
      this.#add('collector', (more) => collectorProcess(this.ports.collector, this.home.traces, more)),
    ]
    try {
      await Promise.all([data.then(() => start(postgres)), ...parts.map(start)])
    } catch (error) {
      throw within.aborted && !signal.aborted ? notReady(progress, this.home) : error
    }
  }

  async status(): Promise<Pick<StageStatus, 'services' | 'toxics'>> {
    const services = await Promise.all(
      [...this.#parts.values()].map(async (part) => ({
        name: part.name,
        state: await part.state(),
        ready: part.isReady && (await part.state()) === 'running',
        ...(part.pid !== undefined && { pid: part.pid }),
        ...(part.endsByItself && { endsByItself: part.endsByItself }),
        ...(part.name !== 'postgres' && { url: `http://${HOST}:${this.#portOf(part.name)}` }),
      })),
    )
    return { services, toxics: await this.#countToxics() }
  }

  /**
   * Restarts the order service alone. What is under way is given up: it may be waiting for a file that never answers.
   * @throws StageError when it cannot load the file
   */
  useOrderService(file: string): Promise<void> {
    return this.#turns.overtake(async (given) => {
      const order = this.#part('order')
      this.#implementation = file
      // It loads while the other one ends.
      await this.#next?.prepare()
      await discard(order)
      given.throwIfAborted()
      await order.startOnce()
      await readyWithin(order, given)
    })
  }

  /** Has the next order service load all but its file, so that `useOrderService` waits for little. */
  async standBy(): Promise<void> {
    await this.#next?.prepare()
  }

  untilSaved(customerId: string, signal: AbortSignal): Promise<void> {
    return untilSaved({ port: this.ports.postgres, password: this.#password }, customerId, signal)
  }

  reset(): Promise<void> {
    return this.#turns.take(async (signal) => {
      await postJson(`http://${HOST}:${this.ports.proxy}/reset`, undefined, signal)
      await Promise.all(this.targets.map((part) => heal(part, signal)))
      await Promise.all(
        SERVICES.map((name) => postJson(`http://${HOST}:${this.ports[name]}/test/reset`, undefined, signal)),
      )
    })
  }

  async down(): Promise<void> {
    this.#ending = true
    await Promise.all([...[...this.#parts.values()].map(discard), this.#next?.close()])
    await this.#guard.release()
  }

  #addService(name: ServiceName, layout: Layout): Supervised {
    return this.#add(name, (more) => {
      if (name !== 'order') return serviceProcess(name, layout, more)
      const next = new StandBy({
        spawn: () => more.log.lend((output) => spawnService(name, layout, output, { STAND_BY: '1' })),
        onSpawn: more.onSpawn,
        sources: LOADED_BEFORE,
      })
      this.#next = next
      return serviceProcess(name, layout, {
        ...more,
        environment: () => ({ ORDER_IMPLEMENTATION: this.#implementation }),
        next: () => next.take(this.#implementation),
      })
    })
  }

  #add(
    name: string,
    options: (more: {
      log: LogFile
      onSpawn(child: ChildProcess): void
    }) => ConstructorParameters<typeof Supervised>[0],
  ): Supervised {
    const log = new LogFile(this.home.logs, name)
    const part = new Supervised(options({ log, onSpawn: (child) => this.#spawned(child) }))
    this.#parts.set(name, part)
    return part
  }

  #spawned(child: ChildProcess): void {
    this.#guard.watch(child)
    // A child that ended reads nothing any more.
    child.stdin?.on('error', () => undefined)
    this.#onChildren(this.#pids())
    child.once('exit', () => this.#onChildren(this.#pids()))
  }

  #pids(): Map<string, number> {
    const running = [...this.#parts.values()].flatMap(({ name, pid }) =>
      pid === undefined ? [] : [[name, pid] as const],
    )
    const next = this.#next?.pid
    return new Map(next === undefined ? running : [...running, ['next order', next]])
  }

  #part(name: string): Supervised {
    const part = this.#parts.get(name)
    if (part === undefined) throw new Error(`The restaurant has no ${name} yet`)
    return part
  }

  #portOf(name: string): number | undefined {
    return Object.entries(this.ports).find(([each]) => each === name)?.[1]
  }

  async #countToxics(): Promise<number> {
    try {
      const { body } = await send('GET', `http://${HOST}:${this.ports.proxy}/proxies`, {
        signal: AbortSignal.timeout(1_000),
      })
      const proxies: Record<string, { toxics: unknown[] }> = JSON.parse(body)
      return Object.values(proxies).reduce((sum, { toxics }) => sum + toxics.length, 0)
    } catch {
      // The proxy is being started again, which loses its toxics.
      return 0
    }
  }
}

/** What an order service loads before the file that it is to run. */
const LOADED_BEFORE = [
  'packages/resilience/src',
  'packages/service/src',
  'packages/telemetry/src',
  'services/order/src',
].map((folder) => join(REPOSITORY, folder))

/** Brings a target back, whatever was done to it; one that failed for good is tried once more. */
async function heal(part: Supervised, signal: AbortSignal): Promise<void> {
  await part.resume()
  await part.start()
  await readyWithin(part, signal)
}

async function readyWithin(part: Supervised, signal: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(READY_WITHIN)
  try {
    await part.ready(AbortSignal.any([signal, timeout]))
  } catch (error) {
    if (!timeout.aborted || error instanceof StageError) throw error
    throw new StageError('part-not-ready', {
      what: `The ${part.name} service did not answer within ${READY_WITHIN / 1_000} s.`,
      meaning: 'It runs and does not come to serve: an endless loop, or a machine with too much to do.',
      remedy: [`tail ${part.log.path}    to see what it said`],
    })
  }
}

/** Ends a process that nobody waits for: a moment to say goodbye, then SIGKILL. */
async function discard(part: Supervised): Promise<void> {
  const within = part.name === 'postgres' ? DISCARD_POSTGRES_WITHIN : DISCARD_WITHIN
  const timer = setTimeout(() => part.pid !== undefined && process.kill(part.pid, 'SIGKILL'), within)
  await part.stop()
  clearTimeout(timer)
}

function notReady(progress: Progress, home: Home): StageError {
  const waiting = progress.snapshot().waiting.join(', ')
  return new StageError('not-ready', {
    what: `Not ready after ${UP_WITHIN / 1_000} s: ${waiting}.`,
    meaning: 'The machine is very slow, or a part hangs while it starts.',
    remedy: [`tail ${home.logs}/*.log    to see what they said`, 'pnpm workshop doctor    to check this machine'],
  })
}
