import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { explainEnd } from '../embedded/parts/explain-end.ts'
import type { StageError, StageStatus } from '../stage.ts'
import { readLog } from './container-log.ts'
import type { Container, Docker } from './containers.ts'
import { MISTAKE, mistakeIn, pathsOfThisMachine } from './order-implementation.ts'

type EndsByItself = StageStatus['services'][number]['endsByItself']

/**
 * How often a container ended by itself since somebody started it, and why it did so last. What the disruptor stops or
 * kills does not count, and a start forgets what was before it: the engine counts for its restart policy.
 */
export async function endsByItself(docker: Docker, container: Container): Promise<EndsByItself> {
  const { id, service, state, restarts } = container
  if (restarts === 0 && state !== 'stopped') return undefined
  const end = await lastEndByItself(docker, id)
  // The policy starts it again after a failure alone; who leaves without one is not counted there.
  const times = restarts + (state === 'stopped' && end?.code === 0 ? 1 : 0)
  if (times === 0) return undefined
  const explained = service === 'order' && end !== undefined ? await explain(docker, id, end) : undefined
  return { times, last: explained?.message ?? `exit code ${end?.code ?? 'unknown'}` }
}

/**
 * Why the order service ended while it started.
 * @param file the implementation, for the place in it
 */
export async function explainOrderEnd(docker: Docker, container: Container, file: string): Promise<StageError> {
  const known = await lastEndByItself(docker, container.id)
  return explain(docker, container.id, known ?? { ...UNKNOWN, code: container.exitCode }, file)
}

/** An end of a container, in seconds since the epoch. */
interface End {
  readonly began: number | undefined
  readonly at: number | undefined
  readonly code: number
  readonly outOfMemory: boolean
}

const UNKNOWN = { began: undefined, at: undefined, outOfMemory: false }

async function explain(docker: Docker, id: string, end: End, file?: string): Promise<StageError> {
  if (end.code === MISTAKE) return mistakeIn(docker, id)
  // Its end and its last lines are written down at about the same time.
  const within = { ...(end.began && { since: end.began }), ...(end.at && { until: end.at + 0.5 }) }
  const lines = await readLog(docker, id, 50, within)
  return explainEnd(exitOf(end), lines.map(pathsOfThisMachine), file)
}

/** A shell's way to tell of a signal: 128 and its number. */
function exitOf({ code, outOfMemory }: End) {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? []
  return signal === undefined ? { code, signal: null, outOfMemory } : { code: null, signal, outOfMemory }
}

const Event = Type.Object({
  Action: Type.String(),
  timeNano: Type.Number(),
  Actor: Type.Object({ Attributes: Type.Object({ exitCode: Type.Optional(Type.String()) }) }),
})

/** The engine remembers its last events, of about the last minute here. A kill announces an end that somebody wants. */
async function lastEndByItself(docker: Docker, id: string): Promise<End | undefined> {
  const filters = { container: [id], event: ['start', 'kill', 'oom', 'die'] }
  // An engine that cannot tell of its past leaves what its containers say of themselves.
  const told = await docker.getEvents({ since: 1, until: Date.now() / 1_000, filters }).catch(() => undefined)
  if (told === undefined) return undefined
  const lines = (await text(told)).split('\n').filter(Boolean)
  let run: { began?: number; wanted?: boolean; outOfMemory?: boolean } = {}
  let last: End | undefined
  for (const line of lines) {
    const event: Static<typeof Event> = Value.Parse(Event, JSON.parse(line))
    const at = event.timeNano / 1e9
    if (event.Action === 'start') run = { began: at }
    if (event.Action === 'kill') run.wanted = true
    if (event.Action === 'oom') run.outOfMemory = true
    if (event.Action !== 'die' || run.wanted) continue
    const code = Number(event.Actor.Attributes.exitCode)
    last = { began: run.began, at, code, outOfMemory: run.outOfMemory ?? false }
  }
  return last
}
