import { UsageError } from '../cli/errors.ts'
import { readRun, runNames, type StoredRun } from './runs.ts'

/**
 * The newest run that can be read; with a text, the newest whose name has it in it, as `complete` or `complete-7`.
 * `1` is the last run, `2` the one before it.
 *
 * @throws UsageError when there is none
 */
export async function findRun(home: string, text?: string): Promise<StoredRun> {
  const names = (await runNames(home)).reverse()
  if (names.length === 0)
    throw new UsageError('There is no run yet.', { remedy: ['pnpm workshop battery complete --seed 7'] })
  const wanted =
    text === undefined
      ? names
      : /^\d{1,2}$/.test(text)
        ? names.slice(Number(text) - 1).slice(0, 1)
        : names.filter((name) => name.includes(text))
  for (const name of text === '0' ? [] : wanted) {
    const run = await readRun(home, name)
    if (run !== undefined) return run
  }
  throw new UsageError(text === undefined ? 'No report of a run can be read.' : `There is no run "${text}".`, {
    meaning: 'A run is called by its place from the end (1 is the last), or by part of its name.',
    remedy: ['pnpm workshop report --list', ...names.slice(0, 3).map((name) => `pnpm workshop report ${name}`)],
  })
}
