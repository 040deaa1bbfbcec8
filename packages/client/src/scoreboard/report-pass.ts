import { request } from 'undici'
import { UsageError } from '../cli/errors.ts'
import { normalName } from './name.ts'

/** Where a person wants to be shown, and as whom. */
export interface Scoreboard {
  readonly url: string
  readonly name: string
}

const PATIENCE = 3_000

/**
 * What `--scoreboard` and `--name` say; undefined where neither is given. Nothing is sent yet.
 * @throws UsageError when only one of them is there, or one that can't be used
 */
export function scoreboardOf({ scoreboard, name }: { scoreboard?: string; name?: string }): Scoreboard | undefined {
  if (scoreboard === undefined && name === undefined) return undefined
  const remedy = ['--scoreboard http://192.168.1.20:4000 --name Ada']
  if (scoreboard === undefined || name === undefined)
    throw new UsageError('A scoreboard needs an address and a name.', { remedy })
  const url = URL.canParse(scoreboard) ? new URL(scoreboard) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(`"${scoreboard}" is no address of a scoreboard.`, { remedy })
  const shown = normalName(name)
  if (shown === undefined) throw new UsageError(`"${name}" is no name that can be shown.`, { remedy })
  return { url: url.href, name: shown }
}

/**
 * Tells the scoreboard that this person passed this exercise: these two and nothing else. Never throws, so that nobody's
 * exercise hangs on it; three seconds are the most it takes.
 *
 * @returns undefined when it was told, what went wrong otherwise
 */
export async function reportPass({
  url,
  name,
  exercise,
}: Scoreboard & { exercise: string }): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(new URL('/passes', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, exercise }),
      signal: AbortSignal.timeout(PATIENCE),
    })
    const text = (await body.text()).slice(0, 200).trim()
    return statusCode === 204 ? undefined : `The scoreboard said no: ${text || statusCode}`
  } catch {
    return unanswered(url)
  }
}

/** As `reportPass`, one pass after the other; what a board that was away has missed is told with the next one. */
export function passReporter(board: Scoreboard): (exercise: string) => Promise<string | undefined> {
  const untold = new Set<string>()
  return async (exercise) => {
    for (const each of untold.add(exercise)) {
      const problem = await reportPass({ ...board, exercise: each })
      if (problem === unanswered(board.url)) return problem
      untold.delete(each)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

function unanswered(url: string): string {
  return `The scoreboard at ${url} does not answer; your next green run tells it.`
}
