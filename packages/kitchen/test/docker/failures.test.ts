import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Compose } from '../../src/docker/compose.ts'
import { composeFailure } from '../../src/docker/compose-failure.ts'
import { openEngine } from '../../src/docker/engine.ts'
import { pullFailure } from '../../src/docker/images.ts'
import { projectNamed } from '../../src/docker/project.ts'
import type { StageError } from '../../src/stage.ts'

const PRINTED: [string, string, RegExp][] = [
  [
    'port-taken',
    'Error response from daemon: driver failed programming external connectivity on endpoint x-menu-1 (0f): Bind for 127.0.0.1:8102 failed: port is already allocated',
    /^Port 8102 is taken/,
  ],
  [
    'port-taken',
    'Error response from daemon: driver failed programming external connectivity on endpoint x-order-1: Error starting userland proxy: listen tcp4 127.0.0.1:8101: bind: address already in use',
    /^Port 8101 is taken/,
  ],
  [
    'port-taken',
    'Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:3000 -> 127.0.0.1:0: listen tcp 127.0.0.1:3000: bind: address already in use',
    /^Port 3000 is taken/,
  ],
  ['no-space', 'failed to register layer: write /usr/lib/x: no space left on device', /disk .* is full/],
  [
    'repository-not-shared',
    'Error response from daemon: Mounts denied: The path /opt/x is not shared from the host and is not known to Docker.',
    /does not see the folder/,
  ],
  ['engine-gone', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.', /does not answer any more/],
  [
    'no-network',
    'failed to create network x_default: Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    /no addresses left/,
  ],
  ['compose-failed', 'something new\n  went wrong', /went wrong$/],
]

test.each(PRINTED)('%s is told from what Compose prints', (code, printed, what) => {
  const error = composeFailure(printed)
  expect(error.code).toBe(code)
  expect(error.message).toMatch(what)
  expectHelp(error)
})

test.each([
  ['pull-failed', 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'],
  ['pull-limited', 'toomanyrequests: You have reached your pull rate limit.'],
  ['no-space', 'failed to register layer: no space left on device'],
])('%s is told when an image cannot be pulled', (code, reason) => {
  const error = pullFailure('grafana/otel-lgtm:0.31.0', reason)
  expect(error.code).toBe(code)
  expectHelp(error)
  if (code !== 'no-space') expect(error.remedy.join('\n')).toContain('COMPOSE_PROFILES=no-grafana')
})

test.each([
  ['engine-absent', 'unix:///no/such/socket'],
  ['engine-remote', 'ssh://me@elsewhere'],
])('%s is told when there is no engine to use', async (code, endpoint) => {
  const error: StageError = await openEngine({ DOCKER_HOST: endpoint }).catch((reason) => reason)
  expect(error.code).toBe(code)
  expect(`${error.message} ${error.meaning}`).toContain(endpoint)
  expectHelp(error)
})

describe.skipIf(process.platform === 'win32')('Compose', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kitchen-compose-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** A docker command that knows nothing but the version of its Compose. */
  function withCompose(version: string): NodeJS.ProcessEnv {
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
    return { PATH: folder }
  }

  test('that is missing is told, with where to get it', async () => {
    const error: StageError = await Compose.find('unix:///x', 'test', { PATH: '/no/such/folder' }).catch(
      (reason) => reason,
    )
    expect(error.code).toBe('compose-missing')
    expectHelp(error)
  })

  test.each(['2.23.0', '1.29.2', 'v2.9.4'])('that is too old is told (%s)', async (version) => {
    const error: StageError = await Compose.find('unix:///x', 'test', withCompose(version)).catch((reason) => reason)
    expect(error.code).toBe('compose-old')
    expect(error.message).toContain(version)
    expectHelp(error)
  })

  test.each(['2.23.1', '2.26.1-4', 'v2.40.0', '5.0.2'])('that is new enough is used (%s)', async (version) => {
    expect(await Compose.find('unix:///x', 'test', withCompose(version))).toBeInstanceOf(Compose)
  })
})

test('a project that Compose would refuse is refused with the rule', () => {
  expect(() => projectNamed('My Kitchen')).toThrow('no name for a Compose project')
  expect(projectNamed(undefined)).toBe('chaos-kitchen')
  expect(projectNamed('table-4')).toBe('table-4')
})

function expectHelp(error: StageError): void {
  expect(error.name).toBe('StageError')
  expect(error.meaning).not.toBe('')
  expect(error.remedy.length).toBeGreaterThan(0)
}
