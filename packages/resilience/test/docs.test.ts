import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Every snippet of the README and of docs/ compiles, runs, and prints what its comments say. */
const root = join(import.meta.dirname, '..')
const work = join(root, `.snippets-${process.pid}`)
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file.replaceAll('\\', '/')}`)
const snippets = ['README.md', ...pages].flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .map((code, index) => ({
      title: `${file} ${index + 1}`,
      code,
      file: `${file.replace(/\W/g, '-')}-${index + 1}.ts`,
    })),
)

beforeAll(() => {
  mkdirSync(work, { recursive: true })
  for (const { file, code } of snippets) writeFileSync(join(work, file), code)
  const compilerOptions = { noUnusedLocals: false }
  const include = ['./*.ts']
  writeFileSync(
    join(work, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.json', compilerOptions, include }),
  )
})

afterAll(() => rmSync(work, { recursive: true, force: true }))

test('there are snippets', () => expect(snippets.length).toBeGreaterThan(20))

test('they compile', () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const { stdout, status } = spawnSync(process.execPath, [compiler, '--noEmit', '-p', work], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})

test('they run, and print what their comments say', () => {
  const runner = `
    const outputs = {}
    for (const file of ${JSON.stringify(snippets.map(({ file }) => file))}) {
      const lines = (outputs[file] = [])
      console.log = (...values) => lines.push(format(...values))
      await import('./' + file)
    }
    process.stdout.write(JSON.stringify(outputs))`
  writeFileSync(join(work, 'runner.mjs'), `import { format } from 'node:util'\n${runner}`)
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(work, 'runner.mjs')], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const outputs: Record<string, string[]> = JSON.parse(stdout)
  for (const { title, file, code } of snippets) expect(outputs[file], title).toEqual(promised(code))
})

/** The comments behind what is printed. */
function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\).* \/\/ (.+)$/gm)].map(([, comment = '']) => comment)
}
