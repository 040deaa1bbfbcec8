import { readFile } from 'node:fs/promises'
import { StageError } from '@chaos-kitchen/kitchen'
import type { Workspace } from '../learn/workspace.ts'

/** Why nothing was run, or a run was ended: something in the person's file, or in the kitchen. */
export interface Mistake {
  readonly what: string
  readonly meaning?: string
  readonly remedy: readonly string[]
  readonly place?: Place
  /** The line and what stands before it, where the place is known. */
  readonly code: readonly CodeLine[]
}

export interface Place {
  /** As a person would type it. */
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface CodeLine {
  readonly number: number
  readonly text: string
}

const LINES_BEFORE = 2

/** What is said of a failure, without a place. */
export function plainMistake(what: string, meaning?: string, remedy: readonly string[] = []): Mistake {
  return { what, remedy, code: [], ...(meaning !== undefined && { meaning }) }
}

export async function mistakeOf(error: unknown, workspace: Workspace): Promise<Mistake> {
  if (!(error instanceof StageError))
    return plainMistake(
      `Something failed that should not: ${error instanceof Error ? error.message : String(error)}`,
      'This is a fault of the workshop itself, not of your code.',
      ['pnpm workshop doctor    to check this machine'],
    )
  const { message: what, meaning, remedy, location } = error
  if (location === undefined) return { what, meaning, remedy, code: [] }
  const { file, ...at } = location
  return { what, meaning, remedy, ...(await placed(file, at, workspace)) }
}

/** A place in a file, with its code. */
export async function placed(
  file: string,
  at: Omit<Place, 'file'>,
  workspace: Workspace,
): Promise<Pick<Mistake, 'place' | 'code'>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return { place: { file: workspace.shown(file), ...at }, code: at.line === undefined ? [] : excerpt(text, at.line) }
}

function excerpt(text: string, line: number): CodeLine[] {
  const lines = text.split(/\r?\n/)
  const first = Math.max(1, line - LINES_BEFORE)
  return lines
    .slice(first - 1, line)
    .map((each, index) => ({ number: first + index, text: each.replaceAll('\t', '  ') }))
}
