import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StandBy } from '../src/embedded/parts/stand-by.ts'

/** Real processes that wait for a line, and print it. */
const ECHO = 'process.stdin.once("data", (line) => { process.stdout.write(line); process.exit() })'
let folder: string
let started: ReturnType<typeof start>[]
let standBy: StandBy

const start = () => spawn(process.execPath, ['-e', ECHO], { stdio: ['pipe', 'pipe', 'inherit'] })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kitchen-stand-by-'))
  started = []
  standBy = new StandBy({
    spawn: () => {
      const child = start()
      started.push(child)
      return child
    },
    onSpawn: () => undefined,
    sources: [folder],
  })
})
afterEach(async () => {
  await standBy.close()
  rmSync(folder, { recursive: true, force: true })
})

test('what stands by is handed over once, and told what to run', async () => {
  expect(standBy.take('a.ts')).toBeUndefined()
  await standBy.prepare()
  await standBy.prepare()
  expect(started).toHaveLength(1)
  const child = standBy.take('a.ts')
  expect(child).toBe(started[0])
  expect(await text(started[0]!.stdout)).toBe('a.ts\n')
  expect(standBy.pid).toBeUndefined()
  expect(standBy.take('a.ts')).toBeUndefined()
})

test('one that ended meanwhile is not handed over', async () => {
  await standBy.prepare()
  const ended = once(started[0]!, 'exit')
  started[0]!.kill('SIGKILL')
  await ended
  expect(standBy.take('a.ts')).toBeUndefined()
  await standBy.prepare()
  expect(standBy.pid).toBe(started[1]!.pid)
})

test('one that has loaded what was changed since makes room for another', async () => {
  writeFileSync(join(folder, 'library.ts'), 'before')
  await standBy.prepare()
  // In the file system's own time, which may be coarse.
  await new Promise((resolve) => setTimeout(resolve, 50))
  writeFileSync(join(folder, 'library.ts'), 'after')
  await standBy.prepare()
  expect(started).toHaveLength(2)
  expect(started[0]!.signalCode).toBe('SIGKILL')
  expect(standBy.pid).toBe(started[1]!.pid)
})

test('one that nobody wants for long is ended', async () => {
  const impatient = new StandBy({ spawn: start, onSpawn: () => undefined, sources: [folder], keepFor: 20 })
  await impatient.prepare()
  await expect.poll(() => impatient.pid).toBeUndefined()
  expect(impatient.take('a.ts')).toBeUndefined()
})

test('once closed, none is left and none is started', async () => {
  await standBy.prepare()
  await standBy.close()
  expect(started[0]!.signalCode).toBe('SIGKILL')
  await standBy.prepare()
  expect(started).toHaveLength(1)
})
