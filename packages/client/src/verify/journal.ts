import { appendFile, readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ClaimResult, FaultResult, Proof } from './proof.ts'
import type { Sitting } from './sitting.ts'

/**
 * A file to go on from when a long proof was cut short: one JSON object a line, a sitting before what it found. Lines
 * may be taken out, and what they say is then run again.
 */
export interface Journal {
  /** What is in the file already. */
  readonly earlier: Pick<Proof, 'sittings' | 'claims' | 'faults'>
  add(line: { sitting: Sitting } | { claim: ClaimResult } | { faults: FaultResult }): Promise<void>
}

const text = Type.String()
const Line = Type.Object({
  sitting: Type.Optional(
    Type.Object({ startedAt: text, commit: Type.Optional(text), concurrency: Type.Integer(), machine: text }),
  ),
  claim: Type.Optional(
    Type.Object({
      ...{ exercise: text, name: text, seed: Type.Integer(), ms: Type.Number(), holds: Type.Boolean() },
      late: Type.Optional(Type.Number()),
      role: Type.Union([Type.Literal('exercise'), Type.Literal('solution'), Type.Literal('mistake')]),
      ...{ failed: Type.Array(text), problem: Type.Optional(text), sitting: Type.Integer() },
    }),
  ),
  faults: Type.Optional(
    Type.Object({
      ...{ exercise: text, seed: Type.Integer(), sitting: Type.Integer() },
      findings: Type.Array(
        Type.Object({
          ...{ id: text, fault: text, alone: Type.Boolean() },
          effect: Type.Object({ bites: Type.Boolean(), shown: text }),
        }),
      ),
    }),
  ),
})

/** @throws what is wrong with a line that is none of a journal's */
export async function openJournal(file: string): Promise<Journal> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  // A process that was killed may have left half a line; whatever is added begins on a line of its own.
  const parsed = lines.flatMap((line) => (line.endsWith('}') ? [Value.Parse(Line, JSON.parse(line))] : []))
  let begun = (lines.at(-1) ?? '') === ''
  return {
    earlier: {
      sittings: parsed.flatMap(({ sitting }) => sitting ?? []),
      claims: parsed.flatMap(({ claim }) => claim ?? []),
      faults: parsed.flatMap(({ faults }) => faults ?? []),
    },
    async add(line) {
      await appendFile(file, `${begun ? '' : '\n'}${JSON.stringify(line)}\n`)
      begun = true
    },
  }
}
