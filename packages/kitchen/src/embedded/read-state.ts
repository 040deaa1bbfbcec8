import { readFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Home } from './home.ts'

const Identity = Type.Object({ pid: Type.Integer({ minimum: 1 }), started: Type.Optional(Type.String()) })

/** What later commands need to find the host, and to clean up after one that was killed. */
export const StageState = Type.Object({
  version: Type.Literal(1),
  host: Identity,
  /** The host's control API on 127.0.0.1. */
  controlPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
  /** Asked for by the control API, so that other users of the machine and web pages are kept out. */
  token: Type.String({ minLength: 32 }),
  children: Type.Record(Type.String(), Identity),
})
export type StageState = Static<typeof StageState>

/** @returns undefined when there is none, or one that no version of the kitchen wrote. */
export async function readState(home: Home): Promise<StageState | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(home.stateFile, 'utf8'))
    return Value.Check(StageState, state) ? state : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}
