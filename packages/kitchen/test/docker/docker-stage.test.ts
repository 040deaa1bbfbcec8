import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchTrace, waitForTrace } from '@chaos-kitchen/telemetry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textOf } from '../../src/docker/container-log.ts'
import { type Container, readContainers } from '../../src/docker/containers.ts'
import { DockerStage } from '../../src/docker/docker-stage.ts'
import { REPOSITORY, STARTING_SERVICE } from '../../src/embedded/home.ts'
import { postJson } from '../../src/embedded/http.ts'
import type { StageError, UpProgress } from '../../src/stage.ts'
import { composeUp, engineForTests, ownRestaurant, placeOrder } from './support.ts'

const engine = await engineForTests()
const PATIENCE = 300_000

if (engine === undefined) test.skip('the restaurant in Docker', () => undefined)
else
  describe('the restaurant in Docker', { timeout: PATIENCE }, () => {
    const { docker } = engine
    const own = ownRestaurant()
    const stage = new DockerStage(own)
    const progress: UpProgress[] = []
    /** When each container was started by Compose alone. */
    let composed: Record<string, string>
    /** Inside the repository, which is all that a container sees. */
    const implementations = join(REPOSITORY, '.kitchen', own.project)

    beforeAll(async () => {
      mkdirSync(implementations, { recursive: true })
      await composeUp(engine, own)
      composed = await startedAt()
      await stage.up({ onProgress: (each) => progress.push(each) })
    }, PATIENCE)
    afterAll(async () => {
      await new DockerStage(own).purge()
      rmSync(implementations, { recursive: true })
      rmSync(own.folder, { recursive: true })
    }, PATIENCE)

    async function container(service: string): Promise<Container> {
      const found = (await readContainers(docker, own.project)).find((each) => each.service === service)
      if (found === undefined) throw new Error(`There is no container of ${service}`)
      return found
    }

    async function startedAt(): Promise<Record<string, string>> {
      const containers = await readContainers(docker, own.project)
      const times = await Promise.all(
        containers.map(async ({ id, service }) => {
          const { State } = await docker.getContainer(id).inspect()
          return [service, State.StartedAt] as const
        }),
      )
      return Object.fromEntries(times)
    }

    /** @returns the file of an order service that takes no orders */
    function closed(): string {
      const file = join(implementations, 'place-order.ts')
      writeFileSync(
        file,
        `import { defineOrderService } from '@chaos-kitchen/order-service'
       export default defineOrderService(() => ({ async placeOrder() { throw new Error('closed') } }))`,
      )
      return file
    }

    test('what docker compose up --wait started is adopted as it is', async () => {
      expect(Object.keys(composed)).toHaveLength(7)
      expect(await startedAt()).toEqual(composed)
    })

    test('says what it waits for, and what became ready', () => {
      expect(progress.flatMap(({ waiting }) => waiting)).toContain('order')
      expect(progress.at(-1)?.ready.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['postgres', 'toxiproxy', 'menu', 'loyalty', 'order', 'collector']),
      )
    })

    test('cooks an order through the proxies, and its trace is found', async () => {
      const { order, traces, traceFound, traceUrl, direct } = stage.addresses()
      const customer = randomUUID()
      const { status, traceId } = await placeOrder(order, customer)
      expect(status).toBe(201)
      const stored = await (await fetch(`${direct.order}/orders?customerId=${customer}`)).json()
      expect(stored).toMatchObject({ orders: [{ customerId: customer, amount: 20 }] })
      const trace = await waitForTrace(traces, traceId, 60_000, ({ spans }) => {
        const services = new Set(spans.map(({ service }) => service))
        return ['order', 'menu', 'loyalty'].every((name) => services.has(name))
      })
      expect(trace?.traceId).toBe(traceId)
      expect(await traceFound(traceId)).toBe(true)
      expect(await traceFound(`${'0'.repeat(31)}1`)).toBe(false)
      expect((await fetch(traceUrl(traceId))).status).toBe(200)
    })

    test('a reported fault is kept with the traces of its time', async () => {
      const { order, traces, reportFault } = stage.addresses()
      const fault = { id: randomUUID(), kind: 'latency', target: 'order-menu', from: Date.now() - 1_000, label: 'slow' }
      await reportFault(fault)
      const { traceId } = await placeOrder(order, randomUUID())
      await reportFault({ ...fault, to: Date.now() + 60_000 })
      await waitForTrace(traces, traceId, 60_000)
      expect((await fetchTrace(traces, traceId))?.faults).toMatchObject([{ id: fault.id, target: 'order-menu' }])
    })

    test('gets another order service without restarting anything else', async () => {
      const before = await startedAt()
      await stage.useOrderService(closed())
      expect((await placeOrder(stage.addresses().order, randomUUID())).status).toBe(500)
      await stage.useOrderService(STARTING_SERVICE)
      expect((await placeOrder(stage.addresses().order, randomUUID())).status).toBe(201)
      const { order: earlier, ...others } = before
      const { order: now, ...after } = await startedAt()
      expect(after).toEqual(others)
      expect(now).not.toBe(earlier)
    })

    test('a mistake in the file is told as a person needs it, and leaves nothing that restarts in vain', async () => {
      const file = join(implementations, 'broken.ts')
      writeFileSync(file, 'export default 1 +\n')
      const error: StageError = await stage.useOrderService(file).catch((reason) => reason)
      expect(error).toMatchObject({ name: 'StageError', location: { file } })
      expect(`${error.message} ${error.remedy}`).not.toContain('/kitchen/')
      expect((await container('order')).state).toBe('stopped')
      await stage.useOrderService(STARTING_SERVICE)
      expect((await placeOrder(stage.addresses().order, randomUUID())).status).toBe(201)
    })

    test('reset lifts toxics, brings targets back and empties the tables', async () => {
      const { apiUrl } = stage.proxies()
      await postJson(`${apiUrl}/proxies/order-menu/toxics`, { type: 'latency', attributes: { latency: 10 } })
      expect((await stage.status()).toxics).toBe(1)
      const targets = stage.targets()
      await targets.find(({ name }) => name === 'menu')?.pause()
      await targets.find(({ name }) => name === 'postgres')?.kill()
      await stage.reset()
      const { toxics, services } = await stage.status()
      expect(toxics).toBe(0)
      expect(services.every(({ state }) => state === 'running')).toBe(true)
      const customer = randomUUID()
      expect((await placeOrder(stage.addresses().order, customer)).status).toBe(201)
      await stage.reset()
      const stored = await (await fetch(`${stage.addresses().direct.order}/orders?customerId=${customer}`)).json()
      expect(stored).toEqual({ orders: [] })
    })

    test('a call to a stopped container fails at once, without a search for its name elsewhere', async () => {
      const menu = stage.targets().find(({ name }) => name === 'menu')
      await menu?.stop()
      const started = performance.now()
      const { status } = await placeOrder(stage.addresses().order, randomUUID())
      // Docker's name server asks those of the host for ten seconds or more, unless the name is known to be local.
      expect(performance.now() - started).toBeLessThan(10_000)
      expect(status).toBeGreaterThanOrEqual(500)
      await menu?.start()
      await menu?.ready(AbortSignal.timeout(60_000))
    })

    test('after kill -9 of a command in the middle of disruptions, the next one finds every container running', async () => {
      const command = fork(join(import.meta.dirname, 'fixtures/disrupt.ts'), [own.folder, own.project])
      await once(command, 'message')
      command.kill('SIGKILL')
      await once(command, 'exit')
      expect((await container('postgres')).state).toBe('stopped')
      expect((await container('menu')).state).toBe('paused')
      const next = new DockerStage(own)
      await next.up()
      expect((await readContainers(docker, own.project)).map(({ state }) => state)).not.toContain('stopped')
      expect((await container('menu')).state).toBe('running')
      expect((await placeOrder(next.addresses().order, randomUUID())).status).toBe(201)
      // It found the restaurant and leaves it to whoever started it.
      await next.down()
      expect((await next.status()).running).toBe(true)
    })

    test('after kill -9 of the command that started it, before it is ready, its containers go', async () => {
      const other = ownRestaurant()
      const { folder, project, environment: env } = other
      const command = fork(join(import.meta.dirname, 'fixtures/start.ts'), [folder, project], { env })
      try {
        const isMade = (waiting: unknown) => Array.isArray(waiting) && waiting.includes('order')
        await new Promise<void>((made) => command.on('message', (waiting) => isMade(waiting) && made()))
        const left = async () => (await readContainers(docker, project)).length
        expect(await left()).toBeGreaterThan(5)
        command.kill('SIGKILL')
        await expect.poll(left, { timeout: 90_000, interval: 500 }).toBe(0)
        expect((await new DockerStage(other).status()).running).toBe(false)
      } finally {
        command.kill('SIGKILL')
        await new DockerStage(other).purge()
        rmSync(folder, { recursive: true, force: true })
      }
    })

    test('PostgreSQL’s exporter has every series that the dashboards ask of it', async () => {
      const folder = join(REPOSITORY, 'lgtm/dashboards')
      const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
      const asked = new Set(text.join().match(/\bpg_\w+/g))
      expect(asked.size).toBeGreaterThan(5)
      const exporter = docker.getContainer((await container('postgres-exporter')).id)
      const command = ['wget', '-q', '-O', '-', 'http://127.0.0.1:9187/metrics']
      const exec = await exporter.exec({ Cmd: command, AttachStdout: true })
      const chunks: Buffer[] = []
      for await (const chunk of await exec.start({})) chunks.push(Buffer.from(chunk))
      const exported = new Set(textOf(Buffer.concat(chunks)).match(/^pg_\w+/gm))
      expect([...asked].filter((name) => !exported.has(name))).toEqual([])
    })

    test('an interruption while it starts leaves nothing behind', async () => {
      const other = ownRestaurant()
      const interrupted = new DockerStage(other)
      const interruption = new AbortController()
      const starting = interrupted.up({
        portBase: 0,
        signal: interruption.signal,
        onProgress: ({ waiting }) => waiting.includes('containers') && interruption.abort(new Error('interrupted')),
      })
      await expect(starting).rejects.toThrow('interrupted')
      await interrupted.down()
      expect(await readContainers(docker, other.project)).toEqual([])
      await interrupted.purge()
      rmSync(other.folder, { recursive: true })
    })

    test('down and purge remove what belongs to it, and nothing else', async () => {
      const bystander = await docker.createContainer({ Image: 'node:24-trixie-slim', Cmd: ['sleep', 'infinity'] })
      const network = await docker.createNetwork({ Name: `${own.project}-bystander` })
      const volume = await docker.createVolume({ Name: `${own.project}-bystander` })
      const filters = { label: [`chaos-kitchen.project=${own.project}`] }
      const customer = randomUUID()
      expect((await placeOrder(stage.addresses().order, customer)).status).toBe(201)
      try {
        await bystander.start()
        await new DockerStage(own).down()
        expect(await readContainers(docker, own.project)).toEqual([])
        expect(await docker.listNetworks({ filters })).toEqual([])
        expect((await docker.listVolumes({ filters })).Volumes).toHaveLength(1)
        expect((await stage.status()).running).toBe(false)
        // What was stored is there again, with another order service from the start.
        const again = new DockerStage(own)
        await again.up({ portBase: 0, orderService: closed() })
        const stored = await (await fetch(`${again.addresses().direct.order}/orders?customerId=${customer}`)).json()
        expect(stored).toMatchObject({ orders: [{ customerId: customer }] })
        expect((await placeOrder(again.addresses().order, customer)).status).toBe(500)
        await again.down()
        await stage.purge()
        expect((await docker.listVolumes({ filters })).Volumes ?? []).toEqual([])
        expect((await bystander.inspect()).State.Running).toBe(true)
        await network.inspect()
        await volume.inspect()
      } finally {
        await bystander.remove({ force: true })
        await network.remove()
        await volume.remove()
      }
    })
  })
