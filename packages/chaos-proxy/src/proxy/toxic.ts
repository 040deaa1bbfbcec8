import { randomFor } from '../random.ts'
import type { Direction } from '../stream/direction.ts'
import type { Attributes, Kind, Settled } from '../toxics/kind.ts'

/** Which connections a toxic is for, and for how long. */
export interface Scope {
  /** The share of connections that it is for, 0 to 1. Each connection's lot is drawn once, from the seed. */
  readonly toxicity: number
  /** Only the first so many connections opened since it was added. */
  readonly firstConnections?: number | undefined
  /** Only every nth connection opened since it was added. */
  readonly everyNthConnection?: number | undefined
  /** Removed by itself after so many milliseconds. */
  readonly expiresIn?: number | undefined
}

/** A toxic as the API shows it. */
export interface ToxicView {
  readonly attributes: Attributes
  readonly name: string
  readonly type: string
  readonly stream: string
  readonly toxicity: number
  readonly firstConnections?: number
  readonly everyNthConnection?: number
  readonly expiresIn?: number
}

/** A toxic on a proxy. */
export class Toxic {
  readonly name: string
  readonly kind: Kind
  readonly direction: Direction
  /** The stream as it was given; the original keeps the letter case. */
  readonly stream: string
  settled: Settled
  scope: Scope
  /** How many connections the proxy had accepted when this was added. */
  #addedAt = 0

  constructor(name: string, kind: Kind, stream: string, direction: Direction, settled: Settled, scope: Scope) {
    this.name = name
    this.kind = kind
    this.stream = stream
    this.direction = direction
    this.settled = settled
    this.scope = scope
  }

  addedAfter(connections: number): void {
    this.#addedAt = connections
  }

  /** Whether it is for the connection that was the proxy's nth. */
  isFor(connection: number, seed: number, proxy: string): boolean {
    const { toxicity, firstConnections, everyNthConnection } = this.scope
    const nth = connection - this.#addedAt
    if (firstConnections !== undefined && (nth < 1 || nth > firstConnections)) return false
    if (everyNthConnection !== undefined && (nth < 1 || nth % everyNthConnection !== 0)) return false
    return toxicity >= 1 || randomFor(seed, proxy, this.name, connection, 'toxicity')() < toxicity
  }

  view(): ToxicView {
    const { toxicity, ...beyond } = this.scope
    return {
      attributes: this.settled.attributes,
      name: this.name,
      type: this.kind.type,
      stream: this.stream,
      toxicity,
      ...withoutUndefined(beyond),
    }
  }
}

function withoutUndefined(scope: Omit<Scope, 'toxicity'>) {
  const { firstConnections, everyNthConnection, expiresIn } = scope
  return {
    ...(firstConnections !== undefined && { firstConnections }),
    ...(everyNthConnection !== undefined && { everyNthConnection }),
    ...(expiresIn !== undefined && { expiresIn }),
  }
}
