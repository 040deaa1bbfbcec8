import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identifyProcess } from '@chaos-kitchen/disruptor'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { EmbeddedStage } from '../src/index.ts'
import { leftOf, processesOf, removeHome, temporaryHome } from './fixtures/restaurants.ts'

let home: string
let stage: EmbeddedStage
beforeEach(() => {
  home = temporaryHome()
  stage = new EmbeddedStage(home)
})
afterEach(async () => {
  await stage.down()
  for (const { pid } of await leftOf(home, 10_000)) process.kill(pid, 'SIGKILL')
  await removeHome(home)
}, 60_000)

describe.skipIf(process.platform !== 'linux')('whatever is killed', { timeout: 180_000 }, () => {
  test('the command: its restaurant ends with it, frozen parts too', async () => {
    const command = await runCommand()
    await stage.up()
    for (const name of ['menu', 'postgres']) await target(name).pause()
    command.kill('SIGKILL')
    expect(await leftOf(home)).toEqual([])
    expect((await stage.status()).running).toBe(false)
  })

  test('guard, host, both: nothing stays, and the next command works', async () => {
    await stage.up({ portBase: 0 })
    const guards = () => processesOf(home).filter(({ command }) => command.includes('guard'))
    const [first] = guards()
    process.kill(first?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => guards().some(({ pid }) => pid !== first?.pid), { timeout: 20_000 }).toBe(true)
    await stage.standBy()
    expect(processesOf(home).filter(({ command }) => command.includes('order/src/main'))).toHaveLength(2)

    // Another guard has taken over; it ends what a killed host leaves, frozen parts too.
    for (const name of ['loyalty', 'postgres']) await target(name).pause()
    const host = await hostPid()
    process.kill(host, 'SIGSTOP')
    await expect(stage.status()).rejects.toMatchObject({
      code: 'stage-hangs',
      remedy: [expect.stringContaining(`${host}`)],
    })
    process.kill(host, 'SIGKILL')
    expect(await leftOf(home)).toEqual([])
    await expect(stage.reset()).rejects.toMatchObject({ code: 'stage-gone' })

    await stage.up({ portBase: 0 })
    expect((await stage.status()).services.every(({ ready }) => ready)).toBe(true)
    await stage.standBy()
    for (const name of ['order', 'postgres']) await target(name).pause()
    for (const pid of [guards()[0]?.pid ?? 0, await hostPid()]) process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => processesOf(home).some(({ command }) => command.includes('host/main')), { timeout: 20_000 })
      .toBe(false)
    expect(processesOf(home).some(({ command }) => command.includes('postgres'))).toBe(true)
    await new EmbeddedStage(home).down()
    expect(await leftOf(home)).toEqual([])
  })

  test('a detached restaurant outlives its command, is found by the next, and ends when asked to', async () => {
    const command = await runCommand('detached')
    if (command.exitCode === null) await once(command, 'exit')
    expect(command.exitCode).toBe(0)
    expect(await stage.status()).toMatchObject({ running: true, detached: true })
    // A command that is killed in the middle of a disruption leaves it to the next.
    await stage.up()
    await target('menu').stop()
    const writer = { pid: command.pid, started: 'before' }
    const entry = { act: 'begin', id: 'a', kind: 'stop', target: 'menu', at: 1, writer }
    writeFileSync(stage.ledger, JSON.stringify(entry))
    const next = new EmbeddedStage(home)
    await next.up()
    expect(await target('menu').state()).toBe('running')
    await next.down()
    expect((await stage.status()).running).toBe(true)
    await new EmbeddedStage(home).down()
    expect(await leftOf(home, 10_000)).toEqual([])
  })

  test.each([30, 400, 1_000, 2_000])('Ctrl-C after %d ms leaves nothing behind', async (ms) => {
    const command = spawnCommand()
    await sleep(ms)
    command.kill('SIGINT')
    await once(command, 'exit')
    expect(await leftOf(home)).toEqual([])
  })

  test('an aborted start is taken down before it rejects', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const onProgress = () => abort.abort(reason)
    await expect(stage.up({ portBase: 0, signal: abort.signal, onProgress })).rejects.toBe(reason)
    expect(await leftOf(home, 10_000)).toEqual([])
  })

  test('an implementation that cannot be loaded stops the start, with its place', async () => {
    const folder = temporaryHome()
    onTestFinished(() => removeHome(folder))
    const orderService = join(folder, 'broken.ts')
    writeFileSync(orderService, 'export default (\n')
    await expect(stage.up({ portBase: 0, orderService })).rejects.toMatchObject({
      name: 'StageError',
      location: { file: orderService },
    })
    expect(await leftOf(home, 10_000)).toEqual([])
  })

  test('two commands at once share one restaurant', async () => {
    const other = new EmbeddedStage(home)
    await Promise.all([stage.up({ portBase: 0 }), other.up({ portBase: 0 })])
    expect(other.addresses().order).toBe(stage.addresses().order)
    await Promise.all([stage.down(), other.down()])
    expect(await leftOf(home, 10_000)).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)(
    'a folder that PostgreSQL cannot enter is told, and stays as it is',
    async () => {
      const folder = join(home, 'not-yours/restaurant')
      mkdirSync(folder, { recursive: true })
      chmodSync(join(home, 'not-yours'), 0o700)
      await expect(new EmbeddedStage(folder).up({ portBase: 0 })).rejects.toMatchObject({
        code: 'home-unreachable',
        message: expect.stringContaining(join(home, 'not-yours')),
      })
      expect(statSync(join(home, 'not-yours')).mode & 0o777).toBe(0o700)
      expect(await leftOf(folder, 10_000)).toEqual([])
    },
  )

  test('stale state never makes it end a stranger', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const { pid = 0 } = (await identifyProcess(stranger.pid ?? 0)) ?? {}
    const child = { pid, started: 'at another time' }
    const state = { version: 1, host: child, controlPort: 9, token: 'x'.repeat(32), children: { order: child } }
    writeFileSync(join(home, 'stage.json'), JSON.stringify(state))
    mkdirSync(join(home, 'postgres'))
    writeFileSync(join(home, 'postgres/postmaster.pid'), `${pid}\n`)
    expect((await stage.status()).running).toBe(false)
    await stage.down()
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    stranger.kill()
  })
})

async function runCommand(...options: string[]): Promise<ChildProcess> {
  const command = spawnCommand(...options)
  // Its error is on standard error; waiting on would only hide it.
  const failed = once(command, 'exit').then(([code]) => Promise.reject(new Error(`The command ended with ${code}`)))
  await Promise.race([once(command.stdout ?? command, 'data'), failed])
  failed.catch(() => undefined)
  return command
}

function spawnCommand(...options: string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'fixtures/command.ts'), home, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function hostPid(): Promise<number> {
  return JSON.parse(await readFile(join(home, 'stage.json'), 'utf8')).host.pid
}

function target(name: string) {
  const found = stage.targets().find((each) => each.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
