import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError, findEngine } from '@chaos-kitchen/disruptor/containers'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kitchen-engine-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function failure(endpoint: string): Promise<EngineError> {
  const error = await findEngine({ DOCKER_HOST: endpoint }).catch((reason) => reason)
  expect(error).toBeInstanceOf(EngineError)
  return error
}

/** Answers a ping as an engine does. */
async function fakeEngine(listenAt: string | number, status = 200) {
  const server = createServer((_request, response) => response.writeHead(status).end(status === 200 ? 'OK' : 'no'))
  server.listen(listenAt)
  await once(server, 'listening')
  return { server, [Symbol.dispose]: () => server.close() }
}

test('DOCKER_HOST is final: nothing else is tried', async () => {
  const error = await failure(`unix://${join(folder, 'none.sock')}`)
  expect(error.code).toBe('absent')
  expect(error.tried).toEqual([`unix://${join(folder, 'none.sock')}`])
})

test.skipIf(process.platform === 'win32')('an engine on a socket is found', async () => {
  const path = join(folder, 'engine.sock')
  using _ = await fakeEngine(path)
  expect((await findEngine({ DOCKER_HOST: `unix://${path}` })).endpoint).toBe(`unix://${path}`)
})

test('an engine on a port of this machine is found', async () => {
  using engine = await fakeEngine(0)
  const address = engine.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  expect((await findEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).endpoint).toBe(`tcp://127.0.0.1:${port}`)
})

test.skipIf(process.platform === 'win32')('something that is no engine is told apart', async () => {
  const path = join(folder, 'other.sock')
  using _ = await fakeEngine(path, 500)
  expect((await failure(`unix://${path}`)).code).toBe('silent')
})

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a socket of others is told apart', async () => {
  const path = join(folder, 'forbidden.sock')
  using _ = await fakeEngine(path)
  await chmod(path, 0o000)
  expect((await failure(`unix://${path}`)).code).toBe('forbidden')
})

test.each(['ssh://me@elsewhere', 'tcp://10.1.2.3:2375', 'https://docker.example:2376'])(
  '%s is an engine of another machine',
  async (endpoint) => {
    expect((await failure(endpoint)).code).toBe('remote')
  },
)

test.skipIf(process.platform === 'win32')(
  'Podman’s socket in the runtime folder is found without any setting',
  async () => {
    const { mkdir } = await import('node:fs/promises')
    await mkdir(join(folder, 'podman'), { recursive: true })
    using _ = await fakeEngine(join(folder, 'podman/podman.sock'))
    const { endpoint } = await findEngine({ PATH: '', XDG_RUNTIME_DIR: folder })
    // An engine of this machine itself comes first where there is one.
    expect(['unix:///var/run/docker.sock', `unix://${join(folder, 'podman/podman.sock')}`]).toContain(endpoint)
  },
)
