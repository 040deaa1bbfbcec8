import { parseDeadline } from '../../deadline/deadline-header.ts'
import type { ExecuteOptions } from '../../pipeline/execute-options.ts'

/** What one request may say to its pipeline. Its signal goes where the client takes signals. */
export type RequestCall = Omit<ExecuteOptions, 'signal'>

/** What is known of a request before it is sent. */
export interface RequestFacts {
  call: RequestCall | undefined
  /** By its method, or by an Idempotency-Key. */
  idempotent: boolean
  /** Its body can be sent again. */
  replayable: boolean
  /** A deadline that the caller wrote into the header itself. */
  deadlineHeader: string | undefined
  signal: AbortSignal | undefined
}

/**
 * The caller's word goes before what can be told from the request; but a body that can be read only once is never sent
 * twice, whatever the caller says.
 */
export function toExecuteOptions(request: RequestFacts): ExecuteOptions {
  const { call = {}, idempotent, replayable, deadlineHeader, signal } = request
  return {
    ...call,
    signal,
    idempotent: replayable && (call.idempotent ?? idempotent),
    deadline: call.deadline ?? parseDeadline(deadlineHeader),
  }
}
