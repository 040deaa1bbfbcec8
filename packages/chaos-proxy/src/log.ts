/** One thing worth telling an operator. */
export interface LogRecord {
  readonly level: 'info' | 'warn'
  readonly message: string
  readonly [detail: string]: string | number
}

export type Log = (record: LogRecord) => void

export const silent: Log = () => {}
