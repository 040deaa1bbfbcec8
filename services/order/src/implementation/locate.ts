import { fileURLToPath } from 'node:url'

export interface Place {
  file: string
  line?: number
  column?: number
}

/** `file:///x/place-order.ts:12:5` in a frame of a stack. */
const FRAME = /\(?((?:file:\/\/)?[^()\s]+):(\d+):(\d+)\)?$/
/** How Node starts the stack of an error in syntax: `/x/place-order.ts:12`, some lines of the file, carets under one. */
const HEADING = /^((?:file:\/\/)?\S.*):(\d+)\n(?:.*\n)*?([ \t]*)\^+[ \t]*(?:\n|$)/
/** The same, where there is nothing to put carets under, as at an end that comes too soon. */
const FIRST_LINE = /^((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*):(\d+)\n/

/** Where an error arose, as far as it arose in the given file or in one that it loads. */
export function locate(error: unknown, file: string): Place {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
  const heading = HEADING.exec(stack)
  if (heading?.[1] !== undefined && heading[3] !== undefined)
    return { file: toPath(heading[1]), line: Number(heading[2]), column: heading[3].length + 1 }
  for (const line of stack.split('\n')) {
    const frame = FRAME.exec(line.trim())
    if (frame?.[1] !== undefined && toPath(frame[1]) === file)
      return { file, line: Number(frame[2]), column: Number(frame[3]) }
  }
  const first = FIRST_LINE.exec(stack)
  return first?.[1] === undefined ? { file } : { file: toPath(first[1]), line: Number(first[2]) }
}

/** One line, without the stack. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const message = error.message.split('\n')[0] ?? ''
  return error instanceof SyntaxError ? message : `${error.name}: ${message}`
}

function toPath(location: string): string {
  return location.startsWith('file://') ? fileURLToPath(location) : location
}
