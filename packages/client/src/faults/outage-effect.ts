export type ServiceName = 'order' | 'menu' | 'loyalty'

/** A service that fails on purpose above TCP, as no toxic on its connections can. One at a time for each service. */
export interface OutageEffect {
  readonly kind: OutageKind
  readonly service: ServiceName
  readonly behaviour: Behaviour
}

export type OutageKind = 'unavailable' | 'slow work' | 'dropped requests'

/** What `PUT /test/behaviour` of a service takes. Times in milliseconds. */
export interface Behaviour extends Scope {
  readonly delay?: number
  readonly status?: number
  readonly retryAfter?: number
  readonly reset?: boolean
}

/** Which requests fail: by default all of them. */
export interface Scope {
  /** Those whose path starts so. */
  readonly path?: string
  readonly method?: string
  /** The next so many. */
  readonly times?: number
}

/** Answers 503; after `delay` where failing takes a while, with Retry-After where it says when to come back. */
export function unavailable(
  service: ServiceName,
  options: Scope & { delay?: number; status?: number; retryAfter?: number } = {},
): OutageEffect {
  return { kind: 'unavailable', service, behaviour: { status: 503, ...options } }
}

/** Works as ever, `delay` late. */
export function slowWork(service: ServiceName, delay: number, scope: Scope = {}): OutageEffect {
  return { kind: 'slow work', service, behaviour: { delay, ...scope } }
}

/** Resets the connection of a request instead of answering it. */
export function droppedRequests(service: ServiceName, scope: Scope = {}): OutageEffect {
  return { kind: 'dropped requests', service, behaviour: { reset: true, ...scope } }
}
