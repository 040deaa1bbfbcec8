import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const index = join(import.meta.dirname, '../src/index.ts')

const define = `import { defineOrderService } from '${index}'\n`

const mistakes = [
  {
    name: 'a file that is not there',
    source: undefined,
    fatal: { code: 'IMPLEMENTATION_NOT_FOUND' },
  },
  {
    name: 'broken syntax',
    source: 'export default {\n  a: 1\n  b: 2,\n}\n',
    fatal: { code: 'SYNTAX_ERROR', line: 3, column: 3, message: "Expected ',', got 'ident'" },
  },
  {
    name: 'an end that comes too soon',
    source: 'export default (\n',
    fatal: { code: 'SYNTAX_ERROR', line: 1 },
  },
  {
    name: 'broken syntax in a file that it imports',
    source: "import './imported.ts'\nexport default 1\n",
    fatal: { code: 'SYNTAX_ERROR', line: 3 },
    at: 'imported.ts',
  },
  {
    name: 'an enum',
    source: 'const a = 1\nenum B { c }\n',
    fatal: { code: 'UNSUPPORTED_SYNTAX', line: 2 },
  },
  {
    name: 'an import of what does not exist',
    source: `import { defineOrderServices } from '${index}'\nexport default defineOrderServices\n`,
    fatal: { code: 'UNKNOWN_IMPORT', line: 1, column: 10 },
  },
  {
    name: 'an import of an unknown package',
    source: "import nothing from 'no-such-package'\nexport default nothing\n",
    fatal: { code: 'UNKNOWN_IMPORT' },
  },
  {
    name: 'code that throws at load',
    source: "const a: number = 1\n\nthrow new Error('no ' + a)\n",
    fatal: { code: 'LOAD_THREW', line: 3, column: 7, message: 'The file threw while it was loaded: Error: no 1' },
  },
  {
    name: 'no default export',
    source: 'export const placeOrder = 1\n',
    fatal: { code: 'NO_DEFAULT_EXPORT', message: 'The file has no default export.' },
  },
  {
    name: 'a default export that is no function',
    source: 'export default { placeOrder() {} }\n',
    fatal: { code: 'NO_DEFAULT_EXPORT', message: 'The default export is no function but a value of type object.' },
  },
  {
    name: 'a factory that throws',
    source: `${define}export default defineOrderService(() => {\n  throw new TypeError('oh')\n})\n`,
    fatal: { code: 'FACTORY_THREW', line: 3, column: 9 },
  },
  {
    name: 'a factory that returns nothing useful',
    source: `${define}export default defineOrderService(() => ({}))\n`,
    fatal: { code: 'NO_PLACE_ORDER' },
  },
  {
    name: 'an async factory',
    source: `${define}export default async () => ({ async placeOrder() {} })\n`,
    fatal: { code: 'NO_PLACE_ORDER', message: 'The factory returned a promise.' },
  },
]

let folder: string
let reports: Map<string, { code: string; file: string; hint: string }>

const fileOf = (name: string) => join(folder, `${name.replaceAll(' ', '-')}.ts`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kitchen-implementation-'))
  await writeFile(join(folder, 'imported.ts'), 'export const here = 1\n\nexport const = 2\n')
  await Promise.all(mistakes.map(({ name, source }) => source && writeFile(fileOf(name), source)))
  // Node itself has to load them: under Vitest, its own transformation would find the mistakes first.
  const files = mistakes.map(({ name }) => fileOf(name))
  const script = join(import.meta.dirname, 'load-each.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...files])
  reports = new Map(JSON.parse(stdout))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test.each(mistakes)('$name is told with its place', ({ name, fatal, at }) => {
  const report = reports.get(fileOf(name))
  expect(report).toMatchObject({ ...fatal, hint: expect.any(String) })
  expect(report?.file).toBe(at ? join(folder, at) : fileOf(name))
  expect(JSON.stringify(report)).not.toMatch(/\\n|node:internal/)
})

test('a mistake ends the start of the service with one line and EX_CONFIG', async () => {
  const file = fileOf('broken syntax')
  const { code, stdout, stderr } = await start({ ORDER_IMPLEMENTATION: file })
  expect({ code, stderr, lines: stdout.trim().split('\n').length }).toEqual({ code: 78, stderr: '', lines: 1 })
  expect(JSON.parse(stdout)).toMatchObject({ level: 60, fatal: { code: 'SYNTAX_ERROR', file, line: 3, column: 3 } })
})

test('so does a missing address', async () => {
  const { code, stdout } = await start({ MENU_URL: '' })
  expect(code).toBe(78)
  expect(JSON.parse(stdout)).toMatchObject({ fatal: { code: 'BAD_ENVIRONMENT' } })
  expect(stdout).toContain('MENU_URL not set')
})

function start(environment: Record<string, string>): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '../src/main.ts')
  const env = {
    ...process.env,
    SERVICE_NAME: 'order',
    PORT: '0',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    MENU_URL: 'http://127.0.0.1:1',
    LOYALTY_URL: 'http://127.0.0.1:1',
    ...environment,
  }
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stdout: string; stderr: string }>()
  execFile(process.execPath, [main], { env, timeout: 25_000 }, (error, stdout, stderr) =>
    resolve({ code: error?.code, stdout, stderr }),
  )
  return promise
}
