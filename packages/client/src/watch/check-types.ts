import { execFile } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { join, resolve } from 'node:path'
import { REPOSITORY } from '../cli/repository.ts'
import type { Workspace } from '../learn/workspace.ts'
import { writeWhole } from '../learn/write-whole.ts'
import { type Mistake, placed } from './mistake.ts'

export interface TypeCheckOptions {
  readonly workspace: Workspace
  /** Folder of the kitchen: the configuration and what the compiler remembers lie in it. */
  readonly home: string
  readonly id: string
  readonly signal: AbortSignal
}

/**
 * The first type error of an exercise's file, by the compiler of this repository. Undefined when there is none, and
 * when the compiler could not be run: a missing compiler must not stop anybody.
 */
export async function checkTypes({ workspace, home, id, signal }: TypeCheckOptions): Promise<Mistake | undefined> {
  const file = workspace.filesOf(id).mine
  const configuration = join(home, 'types', id, 'tsconfig.json')
  await writeWhole(configuration, JSON.stringify(configurationFor(file, join(home, 'types', id))))
  const output = await compile(configuration, workspace.folder, signal)
  const [first, ...more] = errorsIn(output).filter((error) => resolve(workspace.folder, error.file) === file)
  if (first === undefined) return undefined
  const others = more.length === 0 ? [] : [`${more.length} more after this one.`]
  return {
    what: first.message,
    meaning: first.syntax ? 'This is no TypeScript yet: nothing was run.' : 'The types do not fit: nothing was run.',
    remedy: others,
    ...(await placed(file, { line: first.line, column: first.column }, workspace)),
  }
}

/** As strict as the repository, but what is not used yet is no mistake while one is writing. */
function configurationFor(file: string, folder: string) {
  return {
    extends: join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: {
      tsBuildInfoFile: join(folder, 'types.tsbuildinfo'),
      typeRoots: [join(REPOSITORY, 'node_modules/@types')],
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: [],
    files: [file],
  }
}

const COMPILER = join(REPOSITORY, 'node_modules/typescript/bin/tsc')

function compile(configuration: string, cwd: string, signal: AbortSignal): Promise<string> {
  const args = [COMPILER, '--pretty', 'false', '--project', configuration]
  return new Promise((done) => {
    // Its exit code says no more than what it prints.
    const compiler = execFile(process.execPath, args, { cwd, signal, maxBuffer: 4_000_000 }, (_, stdout) =>
      done(stdout),
    )
    if (compiler.pid !== undefined) yieldTo(compiler.pid)
  })
}

/** The run goes on meanwhile, and what is measured there comes first. */
function yieldTo(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or the system does not allow it: then it takes its share.
  }
}

export interface TypeErrorLine {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  /** The text cannot even be read as TypeScript. */
  readonly syntax: boolean
}

/** `exercises/…/place-order.ts(41,7): error TS2322: Type …`; what belongs to it follows indented. */
export function errorsIn(output: string): TypeErrorLine[] {
  const errors: TypeErrorLine[] = []
  for (const text of output.split(/\r?\n/)) {
    const [, file, line, column, code = '', message] = /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(text) ?? []
    if (file === undefined || message === undefined) continue
    errors.push({ file, line: Number(line), column: Number(column), message, syntax: /^1\d{3}$/.test(code) })
  }
  return errors
}
