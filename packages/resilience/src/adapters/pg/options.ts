import type { ExecuteOptions } from '../../pipeline/execute-options.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'

export interface ResilientPoolOptions {
  /** What every query and transaction goes through. Default: `databasePolicies()`, named `postgres`. */
  pipeline?: Pick<Pipeline, 'execute'>
  /**
   * True (the default): PostgreSQL is told the deadline as well (`SET LOCAL statement_timeout`), so that it stops
   * working when nobody waits any more. A single query with a deadline becomes a transaction for it: two more round
   * trips.
   */
  statementTimeout?: boolean
  /** Told of connections that break while nobody uses them. The pool replaces them: news, not a failure. */
  onIdleError?: (error: Error) => void
}

/**
 * `idempotent`: true, repeat it even when it is unknown whether it took effect; false, never repeat it; default: repeat
 * it when it certainly had no effect.
 */
export type QueryOptions = ExecuteOptions

export interface TransactionOptions extends QueryOptions {
  /** Default: the server's, which is `read committed` unless configured. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readOnly?: boolean
}
