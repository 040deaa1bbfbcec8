import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { afterEach, expect, test } from 'vitest'
import {
  Disruptor,
  descendantsOf,
  FaultEvent,
  faultEventFile,
  identifyProcess,
  isFrozen,
  isRunning,
  ledgerAt,
  type ProcessExit,
  type ProcessTarget,
  type ProcessTargetOptions,
  processTarget,
  stillRuns,
} from '../src/index.ts'
import { freePort } from './fixtures/free-port.ts'
import { temporaryFolder } from './fixtures/temporary-folder.ts'

const started: ProcessTarget[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((target) => target.kill()))
})

test('it starts, serves, stops with a goodbye and starts again as another process', async () => {
  const goodbye = join(temporaryFolder(), 'goodbye')
  const { target, exits } = await serverTarget({ GOODBYE: goodbye })
  expect(await target.state()).toBe('stopped')
  await target.start()
  await target.ready(soon())
  expect(await target.state()).toBe('running')
  const first = target.pid
  await target.start()
  expect(target.pid).toBe(first)
  await target.stop()
  expect(await target.state()).toBe('stopped')
  expect(readFileSync(goodbye, 'utf8')).toBe('goodbye')
  expect(exits).toEqual([{ code: 0, signal: null, expected: true }])
  await target.start()
  await target.ready(soon())
  expect(target.pid).not.toBe(first)
})

test('killed, it has no time for a goodbye', async () => {
  const goodbye = join(temporaryFolder(), 'goodbye')
  const { target, exits } = await serverTarget({ GOODBYE: goodbye })
  await target.start()
  await target.ready(soon())
  await target.kill()
  expect(await target.state()).toBe('stopped')
  expect(() => readFileSync(goodbye)).toThrow(/ENOENT/)
  expect(exits).toEqual([{ code: null, signal: 'SIGKILL', expected: true }])
})

test('frozen, it takes connections and answers nothing; resumed, it answers as the same process', async () => {
  const { target, port } = await serverTarget()
  await target.start()
  await target.ready(soon())
  const pid = target.pid
  await target.pause()
  await target.pause()
  expect(await target.state()).toBe('paused')
  await expect(target.ready(AbortSignal.timeout(300))).rejects.toThrow()
  expect(await isFrozen(pid!)).toBe(true)
  await target.resume()
  expect(await isFrozen(pid!)).toBe(false)
  expect(await target.state()).toBe('running')
  await target.ready(soon())
  expect(await ask(port)).toBe(String(pid))
})

test('a frozen process can be stopped and killed', async () => {
  const { target } = await serverTarget()
  for (const end of ['stop', 'kill'] as const) {
    await target.start()
    await target.ready(soon())
    await target.pause()
    await target[end]()
    expect(await target.state()).toBe('stopped')
  }
})

test('who does not go when asked is killed', async () => {
  const { target, exits } = await serverTarget({ GOODBYE: 'never' }, { stopWithin: 200 })
  await target.start()
  await target.ready(soon())
  await target.stop()
  expect(exits).toEqual([{ code: null, signal: 'SIGKILL', expected: true }])
})

test('an end by another hand is not expected, and is seen', async () => {
  const { target, exits } = await serverTarget()
  await target.start()
  await target.ready(soon())
  process.kill(target.pid!, 'SIGKILL')
  while (exits.length === 0) await sleep(10)
  expect(exits).toEqual([{ code: null, signal: 'SIGKILL', expected: false }])
  expect(await target.state()).toBe('stopped')
})

test('a program that does not exist is an error of start', async () => {
  const target = processTarget({
    name: 'nothing',
    spawn: () => spawn('/no/such/program'),
    ready: async () => undefined,
  })
  await expect(target.start()).rejects.toThrow('ENOENT')
  expect(await target.state()).toBe('stopped')
})

test('a tree is frozen, woken and killed as one', async () => {
  const { target } = await serverTarget({ CHILD: '1' }, { tree: true })
  await target.start()
  await target.ready(soon())
  let children = descendantsOf(target.pid!)
  while (children.length === 0) {
    await sleep(10)
    children = descendantsOf(target.pid!)
  }
  const identities = await Promise.all(children.map(identifyProcess))
  await target.pause()
  const stopped = () => states([target.pid!, ...children]).filter((state) => state === 'T').length
  // The kernel delivers a signal in its own time.
  if (process.platform === 'linux') await expect.poll(stopped, { timeout: 20_000 }).toBe(2)
  await target.resume()
  if (process.platform === 'linux') await expect.poll(stopped, { timeout: 20_000 }).toBe(0)
  await target.pause()
  await target.kill()
  for (const identity of identities) expect(await stillRuns(identity!)).toBe(false)
})

test.runIf(process.platform === 'linux')(
  'frozen as a tree and killed by another hand, it leaves no frozen child',
  async () => {
    const { target, exits } = await serverTarget({ CHILD: '1' }, { tree: true })
    await target.start()
    await target.ready(soon())
    await expect.poll(() => descendantsOf(target.pid!).length, { timeout: 20_000 }).toBe(1)
    const [child] = descendantsOf(target.pid!)
    await target.pause()
    process.kill(target.pid!, 'SIGKILL')
    await expect.poll(() => exits.length, { timeout: 20_000 }).toBe(1)
    await expect.poll(() => isRunning(child!), { timeout: 20_000 }).toBe(false)
  },
)

test('a pid that another process got is not the same process', async () => {
  const { target } = await serverTarget()
  await target.start()
  const identity = (await identifyProcess(target.pid!))!
  expect(await stillRuns(identity)).toBe(true)
  expect(await stillRuns({ pid: identity.pid, started: 'earlier' })).toBe(false)
  expect(await stillRuns({ pid: identity.pid })).toBe(false)
  await target.kill()
  expect(isRunning(identity.pid)).toBe(false)
  expect(await identifyProcess(identity.pid)).toBeUndefined()
})

test('a disruptor disturbs real processes and measures how long they take to recover', async () => {
  const { target, port } = await serverTarget()
  await target.start()
  await target.ready(soon())
  const folder = temporaryFolder()
  const ledger = ledgerAt(join(folder, 'ledger.jsonl'))
  const file = faultEventFile(join(folder, 'faults.jsonl'))
  const disruptor = new Disruptor({ targets: [target], ledger, onEvent: file.write })
  for (const kind of ['stop', 'kill', 'pause', 'restart'] as const) {
    const running = await disruptor.begin({ id: kind, kind, target: 'server' })
    expect(await target.state()).toBe(kind === 'pause' ? 'paused' : 'stopped')
    const { timeToRecover } = await running.end()
    expect(timeToRecover).toBeGreaterThanOrEqual(0)
    expect(await ask(port)).toBe(String(target.pid))
  }
  expect(await ledger.open()).toEqual([])
  await file.settled()
  const lines = readFileSync(join(folder, 'faults.jsonl'), 'utf8').trim().split('\n')
  const events = lines.map((line) => Value.Parse(FaultEvent, JSON.parse(line)))
  expect(events.map(({ kind, to }) => [kind, to !== undefined])).toEqual(
    (['stop', 'kill', 'pause', 'restart'] as const).flatMap((kind) => [
      [kind, false],
      [kind, true],
    ]),
  )
})

async function serverTarget(environment: Record<string, string> = {}, options: Partial<ProcessTargetOptions> = {}) {
  const port = await freePort()
  const exits: ProcessExit[] = []
  const target = processTarget({
    name: 'server',
    spawn: (): ChildProcess =>
      spawn(process.execPath, [join(import.meta.dirname, 'fixtures/server.ts')], {
        env: { ...process.env, ...environment, PORT: String(port) },
        stdio: ['pipe', 'ignore', 'ignore'],
      }),
    async ready(signal) {
      while ((await ask(port, signal)) === undefined) await sleep(20, undefined, { signal })
    },
    onExit: (exit) => exits.push(exit),
    ...options,
  })
  started.push(target)
  return { target, port, exits }
}

function ask(port: number, signal: AbortSignal = soon()): Promise<string | undefined> {
  signal.throwIfAborted()
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent: false, signal }, async (response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve(body)
    }).on('error', () => resolve(undefined))
  })
}

function states(pids: number[]): string[] {
  return pids.map((pid) => /\) (.)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '')
}

function soon(): AbortSignal {
  return AbortSignal.timeout(20_000)
}
