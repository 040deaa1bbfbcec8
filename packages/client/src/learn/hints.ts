import { readFile } from 'node:fs/promises'

/** Hints by the invariant that they help with, each from a nudge to nearly the answer. */
export type Hints = ReadonlyMap<string, readonly string[]>

/** `## INVARIANT`, below it a numbered list. */
export function parseHints(markdown: string): Hints {
  const hints = new Map<string, string[]>()
  let section: string[] | undefined
  for (const line of markdown.split(/\r?\n/)) {
    const [, heading] = /^##\s+(.+?)\s*$/.exec(line) ?? []
    const [, item] = /^\d+\.\s+(.*)$/.exec(line) ?? []
    if (heading !== undefined) {
      section = []
      hints.set(heading, section)
    } else if (item !== undefined) section?.push(item)
    else if (line.trim() !== '' && section !== undefined && section.length > 0)
      section[section.length - 1] += ` ${line.trim()}`
  }
  return hints
}

/** Of `hints.md`; without the file there are none. */
export async function readHints(file: string): Promise<Hints> {
  return parseHints(await readFile(file, 'utf8').catch(() => ''))
}

/** The first of these invariants that has hints. */
export function hintedInvariant(hints: Hints, failed: readonly string[]): string | undefined {
  return failed.find((name) => (hints.get(name)?.length ?? 0) > 0)
}
