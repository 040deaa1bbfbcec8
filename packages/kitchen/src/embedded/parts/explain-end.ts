import { pathToFileURL } from 'node:url'
import type { ProcessExit } from '@chaos-kitchen/disruptor/processes'
import { StageError } from '../../stage.ts'

/** What an order service may keep in memory (MB): a file that keeps everything ends before the machine suffers. */
export const MEMORY_LIMIT = 256

/**
 * Why the order service ended by itself, from its exit and its last lines: almost always the file that a person has
 * just saved.
 *
 * @param file the implementation, for the place in it
 */
export function explainEnd(exit: Exit, lines: string[], file?: string): StageError {
  const { what, meaning } = reasonOf(exit, lines)
  return new StageError(
    'order-service-ended',
    { what, meaning, remedy: ['Mend the file and save it.'] },
    file === undefined ? undefined : placeIn(lines, file),
  )
}

/** @property outOfMemory where the system tells that it ended it for that */
type Exit = Pick<ProcessExit, 'code'> & { signal: string | null; outOfMemory?: boolean }

interface Reason {
  what: string
  meaning: string
}

/** Node's code for a module that waits for something that nothing will bring. */
const UNSETTLED = 13

function reasonOf({ code, signal, outOfMemory = false }: Exit, lines: string[]): Reason {
  if (outOfMemory || lines.some((line) => /heap out of memory|Reached heap limit/.test(line)))
    return {
      what: `The order service ran out of memory (${MEMORY_LIMIT} MB) and ended.`,
      meaning: 'Something in the file keeps all that it makes.',
    }
  const taken = find(lines, /listen EADDRINUSE: address already in use (\S+?)\.?$/)
  if (taken !== undefined)
    return {
      what: `The order service ended: it listens on ${taken}, which is taken.`,
      meaning: 'The kitchen listens for it; the file needs no port of its own.',
    }
  const uncaught = find(lines, /^(?:Uncaught )?(\w*Error(?: \[\w+\])?: .+)/)
  if (uncaught !== undefined)
    return { what: `The order service ended: ${uncaught.slice(0, 200)}`, meaning: 'Nothing caught this error.' }
  if (code === UNSETTLED)
    return {
      what: 'The order service ended: the top of the file waits for something that never comes.',
      meaning: 'An `await` outside of functions has to end before the service can start.',
    }
  if (code === null)
    return {
      what: `The order service was ended by ${signal ?? 'a signal'}.`,
      meaning: 'Somebody killed it, or the system did because memory ran out.',
    }
  return {
    what: `The order service ended by itself, with exit code ${code}.`,
    meaning: 'A service goes on until it is stopped: is there a process.exit?',
  }
}

function find(lines: string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** `file:///x/place-order.ts:12:5`, in a stack, a warning or above the line that threw. */
function placeIn(lines: string[], file: string): StageError['location'] {
  for (const line of lines)
    for (const name of [pathToFileURL(file).href, file]) {
      const at = line.indexOf(`${name}:`)
      if (at < 0) continue
      const [, row, column] = /^(\d+)(?::(\d+))?/.exec(line.slice(at + name.length + 1)) ?? []
      if (row === undefined) continue
      return { file, line: Number(row), ...(column !== undefined && { column: Number(column) }) }
    }
  return { file }
}
