import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exploreUrl } from '../../src/docker/addresses.ts'
import { textOf } from '../../src/docker/container-log.ts'
import { pathInContainer } from '../../src/docker/order-implementation.ts'
import { tarOf } from '../../src/docker/tar.ts'
import { REPOSITORY, STARTING_SERVICE } from '../../src/embedded/home.ts'

const folder = mkdtempSync(join(tmpdir(), 'kitchen-parts-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each(['', 'short\n', 'x'.repeat(512), 'é'.repeat(700)])('tar reads the archive of a file (%#)', (text) => {
  writeFileSync(join(folder, 'archive.tar'), tarOf('order.env', text))
  execFileSync('tar', ['-xf', 'archive.tar'], { cwd: folder })
  expect(readFileSync(join(folder, 'order.env'), 'utf8')).toBe(text)
})

test('a log comes in frames of both streams, cut anywhere', () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8)
    head[0] = stream
    head.writeUInt32BE(Buffer.byteLength(text), 4)
    return Buffer.concat([head, Buffer.from(text)])
  }
  expect(textOf(Buffer.concat([frame(1, '{"a":'), frame(2, 'é'), frame(1, '1}\n')]))).toBe('{"a":é1}\n')
  expect(textOf(Buffer.alloc(0))).toBe('')
})

test('a file of the repository is named as the container sees it', async () => {
  expect(await pathInContainer(STARTING_SERVICE)).toBe('/kitchen/services/order/src/place-order.ts')
  await expect(pathInContainer(join(folder, 'archive.tar'))).rejects.toMatchObject({ code: 'outside-repository' })
  await expect(pathInContainer(join(REPOSITORY, 'none.ts'))).rejects.toMatchObject({ code: 'IMPLEMENTATION_NOT_FOUND' })
})

test('a trace link opens Explore at that trace in Tempo', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736'
  const url = new URL(exploreUrl('http://127.0.0.1:3000', id))
  expect(url.pathname).toBe('/explore')
  expect(url.searchParams.get('schemaVersion')).toBe('1')
  const panes = JSON.parse(url.searchParams.get('panes') ?? '')
  expect(panes.trc.queries[0]).toMatchObject({ query: id, datasource: { uid: 'tempo' }, queryType: 'traceql' })
})
