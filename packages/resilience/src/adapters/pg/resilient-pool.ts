import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg'
import { OptionTable } from '../../options/option-table.ts'
import { aBoolean, aFunction, anObject } from '../../options/rules.ts'
import type { CallContext } from '../../pipeline/context.ts'
import type { ExecuteOptions } from '../../pipeline/execute-options.ts'
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts'
import { databasePolicies } from './database-policies.ts'
import { DatabaseUnavailableError } from './errors.ts'
import type { QueryOptions, ResilientPoolOptions, TransactionOptions } from './options.ts'
import { type PoolMetrics, poolMetrics } from './pool-metrics.ts'
import { Session } from './session.ts'

/** What the work of a transaction sends its statements with: the connection, without `release`. */
export type Transaction = Pick<PoolClient, 'query'>

/**
 * A `pg.Pool` whose queries and transactions go through a pipeline.
 *
 * Repeats what certainly had no effect: serialization failures and deadlocks (the whole transaction), and connections
 * that were refused, or lost before COMMIT was sent. When a connection is lost after that, or under a single query, the
 * outcome is unknown: a `DatabaseUnavailableError` with `repeatable: false`, which is never repeated unless the call was
 * made with `idempotent: true`.
 */
export class ResilientPool {
  readonly pool: Pool
  readonly #pipeline: Pick<Pipeline, 'execute'>
  readonly #statementTimeout: boolean

  constructor(pool: Pool, options: ResilientPoolOptions = {}) {
    const settings = OPTIONS.create(options)
    this.pool = pool
    this.#pipeline = settings.pipeline ?? pipeline('postgres', databasePolicies())
    this.#statementTimeout = settings.statementTimeout
    // Without a listener, an idle connection that breaks ends the process.
    pool.on('error', settings.onIdleError)
  }

  /**
   * One statement.
   *
   * @throws DatabaseUnavailableError, the error of the statement as `pg` gives it, or what the pipeline throws
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<Row>> {
    return this.#execute(options, async (session, context) => {
      const begin = this.#statementTimeout && context.deadline !== undefined ? beginWith({}, context) : undefined
      if (begin === undefined) return session.query<Row>(text, values)
      return inTransaction(session, begin, () => session.query<Row>(text, values), options.idempotent === true)
    })
  }

  /**
   * BEGIN, `work`, COMMIT on one connection; ROLLBACK when `work` throws. `work` may run several times: everything
   * outside of the database that it does, it does each time.
   *
   * @throws DatabaseUnavailableError, what `work` throws, or what the pipeline throws
   */
  transaction<T>(
    work: (transaction: Transaction, context: CallContext) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const { isolation, readOnly, ...call } = options
    return this.#execute(call, (session, context) =>
      inTransaction(
        session,
        beginWith(options, this.#statementTimeout ? context : undefined),
        () => work(transactionOf(session), context),
        call.idempotent === true,
      ),
    )
  }

  metrics(): PoolMetrics {
    return poolMetrics(this.pool)
  }

  #execute<T>(options: ExecuteOptions, run: (session: Session, context: CallContext) => Promise<T>): Promise<T> {
    let unknown: { outcome: unknown } | undefined
    return this.#pipeline.execute(async (context) => {
      // A pipeline of the user's may want to repeat anything.
      if (unknown !== undefined) throw unknown.outcome
      const session = await Session.open(this.pool, context)
      try {
        return await run(session, context)
      } catch (error) {
        const told = session.explain(error, options.idempotent === true)
        if (told instanceof DatabaseUnavailableError && !told.repeatable) unknown = { outcome: told }
        throw told
      } finally {
        session.close()
      }
    }, options)
  }
}

async function inTransaction<T>(
  session: Session,
  begin: string,
  work: () => Promise<T>,
  idempotent: boolean,
): Promise<T> {
  let commit: Promise<QueryResult> | undefined
  try {
    await session.query(begin)
    const result = await work()
    commit = session.query('COMMIT')
    const { command } = await commit
    // PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement had failed and nobody said so.
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed.')
    return result
  } catch (error) {
    // Until COMMIT is sent, a lost connection means that nothing took effect.
    const told = session.explain(error, commit === undefined || idempotent)
    await session.rollback()
    throw told
  }
}

function beginWith({ isolation, readOnly }: TransactionOptions, context: CallContext | undefined): string {
  const modes = [isolation && ISOLATION_LEVELS[isolation], readOnly && 'READ ONLY'].filter(Boolean)
  const begin = ['BEGIN', ...modes].join(' ')
  const deadline = context?.deadline
  if (deadline === undefined) return begin
  // 0 would mean "no timeout".
  const left = Math.min(Math.max(1, Math.ceil(deadline - Date.now())), LONGEST_TIMEOUT)
  return `${begin}; SET LOCAL statement_timeout = ${left}`
}

const ISOLATION_LEVELS = {
  'read committed': 'ISOLATION LEVEL READ COMMITTED',
  'repeatable read': 'ISOLATION LEVEL REPEATABLE READ',
  serializable: 'ISOLATION LEVEL SERIALIZABLE',
}

const LONGEST_TIMEOUT = 2 ** 31 - 1

function transactionOf({ client }: Session): Transaction {
  return { query: client.query.bind(client) }
}

const OPTIONS = new OptionTable<ResilientPoolOptions, 'pipeline'>('ResilientPool', {
  pipeline: { rule: anObject, default: undefined },
  statementTimeout: { rule: aBoolean, default: true },
  onIdleError: { rule: aFunction, default: () => {} },
})
