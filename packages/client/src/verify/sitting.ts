import { execFile } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { promisify } from 'node:util'

/** When, on what and how one command put the kit to the test. */
export interface Sitting {
  /** ISO 8601. */
  readonly startedAt: string
  /** Of the repository, short; with `and changes` where files differ from it. Absent where git doesn't know. */
  readonly commit?: string
  /** How many restaurants ran side by side. */
  readonly concurrency: number
  readonly machine: string
}

export async function sittingHere(repository: string, concurrency: number): Promise<Sitting> {
  const commit = await commitOf(repository)
  return {
    ...{ startedAt: new Date().toISOString(), concurrency, machine: thisMachine() },
    ...(commit !== undefined && { commit }),
  }
}

function thisMachine(): string {
  const [cpu] = cpus()
  const [load = 0] = loadavg()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, ${memory} GiB, ${process.platform}, Node ${process.versions.node}, load ${load.toFixed(0)} at its start`
}

/** What the verdicts depend on. */
const SOURCES = ['exercises', 'solutions', 'packages', 'services']

async function commitOf(repository: string): Promise<string | undefined> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: repository })).stdout.trim()
  try {
    const commit = await git('rev-parse', '--short', 'HEAD')
    return (await git('status', '--porcelain', '--', ...SOURCES)) === '' ? commit : `${commit} and changes`
  } catch {
    return undefined
  }
}
