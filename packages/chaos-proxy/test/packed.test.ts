import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runNode } from './support/run.ts'

/** A plain JavaScript program that uses the package as it is published. */
const PROGRAM = `
import { once } from 'node:events'
import net from 'node:net'
import { ChaosProxyError, startChaosProxy } from '@chaos-kitchen/chaos-proxy'
const echo = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
await once(echo, 'listening')
const server = await startChaosProxy({ seed: 1 })
const proxy = await server.proxy({ upstream: echo.address() })
await proxy.latency(50)
const socket = net.connect(proxy.port, proxy.host)
socket.write('hello')
const [data] = await once(socket, 'data')
const refusal = await proxy.slicer(0).catch((error) => error)
console.log(String(data), refusal instanceof ChaosProxyError, refusal.code)
socket.destroy()
await server.close()
echo.close()
`

const TYPED = `
import { startChaosProxy } from '@chaos-kitchen/chaos-proxy'
await using server = await startChaosProxy()
const proxy = await server.proxy({ upstream: 1 })
const toxic = await proxy.add({ type: 'latency', attributes: { latency: 1 } })
await toxic.update({ jitter: 2 })
// @ts-expect-error a latency has no rate
await toxic.update({ rate: 2 })
// @ts-expect-error there is no such toxic
await proxy.add({ type: 'down' })
`

const root = join(import.meta.dirname, '../../..')
const folder = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const DONE = { code: 0, output: '' }
let project: string

/** A compiler is started, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'chaos-proxy-packed-'))
  const installed = join(project, 'node_modules/@chaos-kitchen/chaos-proxy')
  mkdirSync(installed, { recursive: true })
  expect(await runNode(folder, tsc, '-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist'))).toEqual(DONE)
  const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ ...manifest, ...publishConfig }))
  symlinkSync(join(folder, 'node_modules/typebox'), join(project, 'node_modules/typebox'))
  symlinkSync(join(root, 'node_modules/@types'), join(project, 'node_modules/@types'))
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(join(project, 'program.js'), PROGRAM)
  writeFileSync(join(project, 'typed.ts'), TYPED)
})
afterAll(() => rmSync(project, { recursive: true }))

test('a plain JavaScript project uses it as published', async () => {
  expect(await runNode(project, 'program.js')).toEqual({ code: 0, output: 'hello true INVALID_TOXIC\n' })
})

test('its types are those of the toxics, strict and without the sources', async () => {
  const flags = [
    '--noEmit',
    '--strict',
    '--target',
    'es2024',
    '--lib',
    'es2024,esnext.disposable',
    '--module',
    'nodenext',
    '--types',
    'node',
  ]
  expect(await runNode(project, tsc, ...flags, 'typed.ts')).toEqual(DONE)
})

test('its command runs', async () => {
  const cli = join(project, 'node_modules/@chaos-kitchen/chaos-proxy/dist/cli.js')
  expect((await runNode(project, cli, '-version')).output).toMatch(/^chaos-proxy/)
})
