import type { Database } from '@chaos-kitchen/service'
import type { OrderStore, OrderWriter, StatementOptions } from '../define-order-service.ts'
import { NotificationTraces } from './notification-traces.ts'
import { PgOrderWriter } from './pg-order-writer.ts'
import { WakeUp } from './wake-up.ts'

export class PgOrderStore extends PgOrderWriter implements OrderStore {
  readonly #database: Database
  readonly #notifications: WakeUp

  readonly #traces: NotificationTraces

  constructor(database: Database, traces = new NotificationTraces()) {
    const notifications = new WakeUp()
    super(database, traces, () => notifications.call())
    this.#database = database
    this.#traces = traces
    this.#notifications = notifications
  }

  async transaction<T>(work: (transaction: OrderWriter) => Promise<T>, options?: StatementOptions): Promise<T> {
    let enqueued = false
    const result = await this.#database.transaction((connection) => {
      const onEnqueued = () => {
        enqueued = true
      }
      return work(new PgOrderWriter(connection, this.#traces, onEnqueued))
    }, options)
    // Only now can the relay see it.
    if (enqueued) this.#notifications.call()
    return result
  }

  /** Resolves when a notification was committed since the last call, at the latest after `atMost` milliseconds. */
  waitForNotifications(atMost: number, options?: StatementOptions): Promise<void> {
    return this.#notifications.wait(atMost, options?.signal)
  }
}
