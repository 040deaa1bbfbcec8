import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const built = mkdtempSync(join(tmpdir(), 'resilience-api-'))
beforeAll(() => build(built))
afterAll(() => rmSync(built, { recursive: true, force: true }))

/**
 * The public surface as a text file, so that a change to it shows in review. Accept one with
 * `vitest run --project resilience test/api.test.ts -u`.
 */
test.each([
  ['index.d.ts', 'api/resilience.d.ts.txt'],
  ['testing/index.d.ts', 'api/testing.d.ts.txt'],
])('%s is what %s says', async (entry, report) => {
  await expect(surface(built, entry)).toMatchFileSnapshot(join(import.meta.dirname, '..', report))
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
  expect(stdout.split('\n').filter((line) => line.includes('error') && !line.includes('adapters'))).toEqual([])
}

/** What the entry exports, then the declarations of the modules that it exports from. */
function surface(folder: string, entry: string): string {
  const text = readFileSync(join(folder, entry), 'utf8')
  const modules = [...new Set([...text.matchAll(/from '(\.[^']+)'/g)].map(([, from = '']) => from))].toSorted()
  const parts = modules.map((from) => {
    const file = join(folder, dirname(entry), from.replace(/\.(ts|js)$/, '.d.ts'))
    return `// ${from}\n${publicPart(readFileSync(file, 'utf8'))}`
  })
  return [`// ${entry}\n${text}`, ...parts].join('\n')
}

function publicPart(declarations: string): string {
  return declarations
    .split('\n')
    .filter((line) => !/^\s+(private|#)/.test(line) && !line.startsWith('import ') && line !== 'export {};')
    .join('\n')
}
