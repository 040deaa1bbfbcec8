import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogFile } from '../src/embedded/parts/log-file.ts'
import { Supervised } from '../src/embedded/parts/supervised.ts'
import { StageError } from '../src/index.ts'
import { removeHome, temporaryHome } from './fixtures/restaurants.ts'

let folder: string
let spawns: number
let part: Supervised
beforeEach(() => {
  folder = temporaryHome()
  spawns = 0
})
afterEach(async () => {
  await part.kill()
  await removeHome(folder)
})

test('a part that ends again and again is given up, with its last words', { timeout: 60_000 }, async () => {
  part = supervised('console.log("no oven"); process.exit(3)')
  await part.start()
  const error = await part.ready(AbortSignal.timeout(50_000)).catch((each: unknown) => each)
  expect(error).toMatchObject({ code: 'part-crashed', message: expect.stringContaining('exit code 3') })
  expect(error).toHaveProperty('meaning', 'Its last line: no oven')
  expect(spawns).toBeGreaterThanOrEqual(4)
  const given = spawns
  await sleep(500)
  expect(spawns).toBe(given)
  // Asked to, it tries again.
  await part.start()
  expect(spawns).toBe(given + 1)
})

test('a part that has served is started again, however often it is killed', { timeout: 60_000 }, async () => {
  part = supervised(SERVES)
  await part.start()
  await part.ready(AbortSignal.timeout(50_000))
  for (let i = 0; i < 6; i++) {
    const before = part.pid
    process.kill(before ?? 0, 'SIGKILL')
    await expect.poll(() => part.isReady && part.pid !== before, { timeout: 30_000 }).toBe(true)
  }
  expect(spawns).toBe(7)
})

test('what was stopped on purpose stays down until it is started', async () => {
  part = supervised(SERVES)
  await part.start()
  await part.ready(AbortSignal.timeout(20_000))
  await part.stop()
  await sleep(300)
  expect([await part.state(), spawns, part.isReady]).toEqual(['stopped', 1, false])
  await part.start()
  await part.ready(AbortSignal.timeout(20_000))
  expect([await part.state(), spawns, part.isReady]).toEqual(['running', 2, true])
})

test('a mistake that no restart mends is told at once, and not tried again', async () => {
  const mistake = new StageError('no-default-export', { what: 'no default export', meaning: '', remedy: [] })
  part = supervised('process.exit(78)', (code) => (code === 78 ? mistake : undefined))
  await part.start()
  await expect(part.ready(AbortSignal.timeout(20_000))).rejects.toBe(mistake)
  await sleep(300)
  expect(spawns).toBe(1)
})

const SERVES = `require('fs').writeFileSync(process.env.READY, String(process.pid)); setInterval(() => {}, 1000)`

function supervised(script: string, mistake?: (code: number | null) => StageError | undefined): Supervised {
  const log = new LogFile(folder, 'part')
  const readyFile = join(folder, 'ready')
  return new Supervised({
    name: 'part',
    log,
    spawn(): ChildProcess {
      spawns++
      writeFileSync(readyFile, '')
      const output = log.open()
      return spawn(process.execPath, ['-e', script], {
        env: { ...process.env, READY: readyFile },
        stdio: ['ignore', output, output],
      })
    },
    onSpawn: () => undefined,
    async ready(signal) {
      while (readFileSync(readyFile, 'utf8') !== String(part.pid)) await sleep(20, undefined, { signal })
    },
    ...(mistake && { mistake }),
  })
}
