/** What a toxic does to a hop, in the words of the workshop and in Toxiproxy's. */
export interface ToxicEffect {
  readonly kind: ToxicKind
  readonly hop: string
  readonly toxic: Toxic
}

export type ToxicKind = 'slow request' | 'slow reply' | 'lost request' | 'lost reply' | 'hang' | 'reset'

export interface Toxic {
  readonly type: 'latency' | 'limit_data' | 'timeout' | 'reset_peer'
  /** Upstream is from the caller to the callee. */
  readonly stream: 'upstream' | 'downstream'
  readonly attributes: Readonly<Record<string, number>>
}

/** What the caller sends arrives `ms` late. */
export function slowRequest(hop: string, ms: number): ToxicEffect {
  return { kind: 'slow request', hop, toxic: { type: 'latency', stream: 'upstream', attributes: { latency: ms } } }
}

/** What the callee answers arrives `ms` late. */
export function slowReply(hop: string, ms: number): ToxicEffect {
  return { kind: 'slow reply', hop, toxic: { type: 'latency', stream: 'downstream', attributes: { latency: ms } } }
}

/** The connection closes before the request arrives: no work was done. */
export function lostRequest(hop: string): ToxicEffect {
  return { kind: 'lost request', hop, toxic: { type: 'limit_data', stream: 'upstream', attributes: { bytes: 0 } } }
}

/** The work is done and the connection closes before its reply arrives: the caller can't tell it from a lost request. */
export function lostReply(hop: string): ToxicEffect {
  return { kind: 'lost reply', hop, toxic: { type: 'limit_data', stream: 'downstream', attributes: { bytes: 0 } } }
}

/** Requests arrive, replies never do, and the connection stays open. */
export function hang(hop: string): ToxicEffect {
  return { kind: 'hang', hop, toxic: { type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } } }
}

/** New connections are reset at their first byte. */
export function reset(hop: string): ToxicEffect {
  return { kind: 'reset', hop, toxic: { type: 'reset_peer', stream: 'upstream', attributes: { timeout: 0 } } }
}
