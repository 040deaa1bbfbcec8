import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemWorld } from '../../src/index.ts'

const index = join(import.meta.dirname, '../../src/index.ts')

/** Runs a program of its own, since what counts is when its process ends. */
function run(program: string) {
  const source = `import { pipeline, retry, timeout, constant, bulkhead } from ${JSON.stringify(index)}\n${program}`
  const startedAt = performance.now()
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', source], {
    encoding: 'utf8',
    timeout: 25_000,
  })
  return { stdout: stdout.trim(), stderr, status, took: performance.now() - startedAt }
}

test('a process with a timeout that is waited for lives until it fires', () => {
  const { stdout, status } = run(`
    const subject = pipeline('hang', [timeout(150)])
    await subject.execute(() => new Promise(() => {})).catch((error) => console.log(error.code))
  `)
  expect(stdout).toBe('TIMEOUT')
  expect(status).toBe(0)
})

test('a process with nothing to wait for ends, however long the timeout', () => {
  const { stdout, status, took } = run(`
    const subject = pipeline('done', [timeout(60_000), retry(), bulkhead({ maxWait: 60_000 })])
    console.log(await subject.execute(() => 'ok'))
  `)
  expect(stdout).toBe('ok')
  expect(status).toBe(0)
  expect(took).toBeLessThan(20_000)
})

test('a process waits for a backoff', () => {
  const { stdout } = run(`
    let calls = 0
    const subject = pipeline('retry', [retry({ backoff: constant(50), maxAttempts: 2 })])
    await subject.execute(() => { calls++; throw new Error('x') }).catch(() => console.log(calls))
  `)
  expect(stdout).toBe('2')
})

test('a timer can be cancelled, and a longer delay than setTimeout knows does not fire at once', async () => {
  let fired = 0
  systemWorld.setTimer(1, () => fired++).cancel()
  const long = systemWorld.setTimer(2 ** 31 + 5, () => fired++)
  await new Promise((resolve) => setTimeout(resolve, 40))
  long.cancel()
  expect(fired).toBe(0)
})
