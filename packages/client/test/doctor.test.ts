import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStage, EmbeddedStage, inspectDocker } from '@chaos-kitchen/kitchen'
import { afterAll, describe, expect, test } from 'vitest'
import type { Machine } from '../src/doctor/check.ts'
import { dockerCompose, dockerEngine, dockerImages } from '../src/doctor/docker.ts'
import { httpProxy } from '../src/doctor/http-proxy.ts'
import { packageManager } from '../src/doctor/package-manager.ts'

/** Checks of the machine that need no restaurant. */
const folder = mkdtempSync(join(tmpdir(), 'kitchen-doctor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A machine with nothing but these variables. */
async function machine(environment: NodeJS.ProcessEnv, { docker = false } = {}): Promise<Machine> {
  const stage = docker ? await createStage({ docker }) : new EmbeddedStage(folder)
  const { signal } = new AbortController()
  return { stage, signal, environment, docker: () => inspectDocker(environment) }
}

describe('HTTP proxy', () => {
  test.each([
    [{}, true, 'none is set'],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: 'intra, 127.0.0.1' }, true, 'HTTP_PROXY; not for 127.0.0.1'],
    [{ https_proxy: 'http://p:1', no_proxy: '*' }, true, 'HTTPS_PROXY; not for 127.0.0.1'],
    [{ HTTP_PROXY: 'http://p:1', NO_PROXY: 'localhost' }, true, 'HTTP_PROXY; Node does not use it, curl does'],
    [{ HTTP_PROXY: 'http://p:1', NODE_USE_ENV_PROXY: '1' }, false, 'HTTP_PROXY would get what is meant for'],
    [{ ALL_PROXY: 'http://p:1', NODE_OPTIONS: '--use-env-proxy' }, false, 'ALL_PROXY would get what is meant for'],
    [{ HTTP_PROXY: 'http://p:1', NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1' }, true, 'not for 127.0.0.1'],
  ])('%j', async (environment, ok, found) => {
    const result = await httpProxy.run(await machine(environment))
    expect(result).toMatchObject({ ok, found: expect.stringContaining(found) })
  })

  test('what is spared already stays spared', async () => {
    const environment = { HTTP_PROXY: 'http://p:1', NO_PROXY: 'intra', NODE_USE_ENV_PROXY: '1' }
    const { remedy } = await httpProxy.run(await machine(environment))
    expect(remedy).toEqual(['export NO_PROXY=intra,127.0.0.1,localhost'])
  })
})

describe('pnpm', () => {
  test.each([
    ['pnpm/12.3.0 npm/? node/v24.21.0', true, '12.3.0, which runs this'],
    ['pnpm/10.26.0 npm/?', true, '10.26.0, which runs this'],
    ['pnpm/9.15.4 npm/?', false, '9.15.4, which runs this; 10.26 or later is needed'],
  ])('%s', async (npm_config_user_agent, ok, found) => {
    expect(await packageManager.run(await machine({ npm_config_user_agent }))).toMatchObject({ ok, found })
  })

  test('that of the path, and none', async () => {
    expect(await packageManager.run(await machine({ PATH: folder }))).toMatchObject({ ok: true, optional: true })
    if (process.platform === 'win32') return
    placeProgram('pnpm', 'echo 11.0.2')
    expect(await packageManager.run(await machine({ PATH: `${folder}:/usr/bin:/bin` }))).toEqual({
      ok: true,
      found: '11.0.2, on the path',
    })
  })
})

describe('without an engine and without Compose', () => {
  const environment = { PATH: join(folder, 'empty'), DOCKER_HOST: `unix://${join(folder, 'no.sock')}` }

  test('a machine that needs neither is well', async () => {
    const here = await machine(environment)
    for (const check of [dockerEngine, dockerCompose, dockerImages])
      expect(await check.run(here)).toMatchObject({ ok: true, optional: true })
    expect((await dockerEngine.run(here)).found).toContain('Only --docker needs it')
  })

  test('one that is to use Docker is not, and what to do is said', async () => {
    const here = await machine(environment, { docker: true })
    for (const check of [dockerEngine, dockerCompose]) {
      const { ok, remedy } = await check.run(here)
      expect(ok).toBe(false)
      expect(remedy?.length).toBeGreaterThan(1)
    }
    expect(await dockerImages.run(here)).toMatchObject({ ok: false })
  })
})

test.skipIf(process.platform === 'win32')('a Compose that is too old is told as such', async () => {
  placeProgram('docker', 'echo 2.3.0')
  const environment = { PATH: `${folder}:/usr/bin:/bin`, DOCKER_HOST: `unix://${join(folder, 'no.sock')}` }
  const found = await dockerCompose.run(await machine(environment, { docker: true }))
  expect(found).toMatchObject({ ok: false, found: 'Docker Compose 2.3.0 is too old.' })
})

function placeProgram(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
}
