import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { surface } from './surface.ts'

const built = mkdtempSync(join(tmpdir(), 'resilience-api-'))
beforeAll(() => build(built))
afterAll(() => rmSync(built, { recursive: true, force: true }))

/** What may be imported, by sub-path: `.`, `./undici`, … */
const entries = Object.entries(manifest.publishConfig.exports).map(([subPath, { types }]) => ({
  entry: types.replace('./dist/', ''),
  report: `api/${subPath === '.' ? 'resilience' : subPath.slice(2)}.d.ts.txt`,
}))

/**
 * The public surface as text files, one for each sub-path, so that a change to it shows in review. Accept one with
 * `vitest run --project resilience test/api.test.ts -u`.
 */
test.each(entries)('$entry is what $report says', async ({ entry, report }) => {
  await expect(surface(built, entry)).toMatchFileSnapshot(join(import.meta.dirname, '..', report))
})

test('there is a report for each sub-path and none besides, in the workspace and in the package', () => {
  const reports = readdirSync(join(import.meta.dirname, '..', 'api')).map((name) => `api/${name}`)
  expect(entries.map(({ report }) => report).toSorted()).toEqual(reports.toSorted())
  expect(Object.keys(manifest.publishConfig.exports)).toEqual(Object.keys(manifest.exports))
})

test('the built package works from plain JavaScript', () => {
  const program = `
    import { pipeline, retry, constant } from '${pathToFileURL(join(built, 'index.js'))}'
    import { fails, given, succeeds } from '${pathToFileURL(join(built, 'testing/index.js'))}'
    let calls = 0
    const subject = pipeline('js', [retry({ backoff: constant(1) })])
    const result = await subject.execute(() => { if (++calls < 3) throw new Error('down'); return calls })
    await given([retry()]).when(fails(), succeeds('ok')).thenExpect({ result: 'ok', attempts: 2 })
    console.log(result)`
  writeFileSync(join(built, 'program.mjs'), program)
  writeFileSync(join(built, 'package.json'), '{"type":"module"}')
  const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'program.mjs')], { encoding: 'utf8' })
  expect(stdout.trim(), stderr).toBe('3')
})

function build(folder: string): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const project = join(import.meta.dirname, '..', 'tsconfig.build.json')
  const options = ['-p', project, '--outDir', folder, '--removeComments']
  const { stdout } = spawnSync(process.execPath, [compiler, ...options], { encoding: 'utf8' })
  expect(stdout).toBe('')
}
