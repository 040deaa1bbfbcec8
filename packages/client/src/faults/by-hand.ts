import { hang, lostReply, lostRequest, reset, slowReply, slowRequest, type ToxicEffect } from './toxic-effect.ts'

/** A fault that a person may put on a hop. */
export interface HandFault {
  readonly name: string
  /** @param ms only where something is slow */
  on(hop: string, ms: number): ToxicEffect
}

export const handFaults: readonly HandFault[] = [
  { name: 'slow-request', on: slowRequest },
  { name: 'slow-reply', on: slowReply },
  { name: 'lost-request', on: lostRequest },
  { name: 'lost-reply', on: lostReply },
  { name: 'hang', on: hang },
  { name: 'reset', on: reset },
]
