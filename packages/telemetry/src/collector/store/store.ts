import type { MetricPoint } from '../../otlp/read-metrics.ts'
import { type Fault, type LogRecord, type Span, type Trace, traceBounds } from '../../trace.ts'
import { DISK_LIMITS, type Limits, MEMORY_LIMITS } from './limits.ts'
import { type ListOptions, Tables, type TraceSummary } from './tables.ts'

export interface StoreOptions {
  /** The SQLite file; `:memory:` for none. */
  path: string
  limits?: Limits
  /** Told once when the disk can't be written, and once when it can again. */
  onDisk?: (state: 'lost' | 'back', why: string) => void
  /** How long to leave a failing disk alone, in milliseconds. Default 5 s. */
  retryAfter?: number
}

/** SQLITE_FULL: the disk, or the size that the file may have. */
const FULL = 13
const LOG_LIMIT = 1_000

/**
 * Traces, logs, metrics and faults, bounded. While the disk can't be written (full, gone, read-only) it goes on in
 * memory with what is newest, and brings that to the disk when it can be written again. Reading sees both.
 */
export class Store {
  readonly #options: StoreOptions
  readonly #retryAfter: number
  #disk: Tables | undefined
  /** What came while the disk could not be written. */
  #memory: Tables | undefined
  #lostAt: number | undefined

  constructor(options: StoreOptions) {
    this.#options = options
    this.#retryAfter = options.retryAfter ?? 5_000
    try {
      this.#disk = new Tables(options.path, options.limits ?? DISK_LIMITS)
    } catch (error) {
      this.#lose(error)
    }
  }

  get state(): 'disk' | 'memory' {
    return this.#lostAt === undefined ? 'disk' : 'memory'
  }

  get spanCount(): number {
    return this.#all((tables) => [tables.spanCount]).reduce((sum, count) => sum + count, 0)
  }

  addSpans(spans: readonly Span[]): void {
    this.#write((tables) => tables.addSpans(spans))
  }

  addLogs(logs: readonly LogRecord[]): void {
    this.#write((tables) => tables.addLogs(logs))
  }

  addMetrics(points: readonly MetricPoint[]): void {
    this.#write((tables) => tables.addMetrics(points))
  }

  putFault(fault: Fault): void {
    this.#write((tables) => tables.putFault(fault))
  }

  /** Undefined while nothing of it has arrived. */
  trace(traceId: string): Trace | undefined {
    const spans = unique(
      this.#all((tables) => tables.spansOf(traceId)),
      (span) => span.spanId,
    )
    if (spans.length === 0) return undefined
    const { start, end } = traceBounds(spans)
    return { traceId, spans, faults: this.faults(start, end) }
  }

  logs(traceId: string): LogRecord[] {
    return this.#all((tables) => tables.logsOf(traceId, LOG_LIMIT)).sort((a, b) => a.time - b.time)
  }

  metrics(): MetricPoint[] {
    const newest = this.#all((tables) => tables.metrics())
    return unique(newest, ({ name, service, attributes }) => `${name}\n${service}\n${JSON.stringify(attributes)}`)
  }

  traces(options: ListOptions): TraceSummary[] {
    const order = options.slowest
      ? (a: TraceSummary, b: TraceSummary) => b.duration - a.duration
      : (a: TraceSummary, b: TraceSummary) => b.start - a.start
    const all = unique(
      this.#all((tables) => tables.traces(options)),
      (trace) => trace.traceId,
    )
    return all.sort(order).slice(0, options.limit)
  }

  fault(id: string): Fault | undefined {
    return this.#all((tables) => tables.fault(id))[0]
  }

  /** Faults of an interval, milliseconds since the epoch. */
  faults(start: number, end: number): Fault[] {
    return unique(
      this.#all((tables) => tables.faultsBetween(start, end)),
      (fault) => fault.id,
    ).sort((a, b) => a.from - b.from)
  }

  close(): void {
    this.#disk?.close()
    this.#memory?.close()
  }

  /** Of memory first, it is the newer. */
  #all<T>(read: (tables: Tables) => T[]): T[] {
    const found = this.#memory ? read(this.#memory) : []
    try {
      return found.concat(this.#disk ? read(this.#disk) : [])
    } catch (error) {
      this.#lose(error)
      return found
    }
  }

  #write(work: (tables: Tables) => void): void {
    if (this.#lostAt !== undefined && Date.now() - this.#lostAt < this.#retryAfter) {
      this.#keep(work)
      return
    }
    try {
      this.#disk ??= new Tables(this.#options.path, this.#options.limits ?? DISK_LIMITS)
      this.#bringBack(this.#disk)
      makingRoom(this.#disk, work)
      this.#found()
    } catch (error) {
      this.#lose(error)
      this.#keep(work)
    }
  }

  #keep(work: (tables: Tables) => void): void {
    this.#memory ??= new Tables(':memory:', MEMORY_LIMITS)
    makingRoom(this.#memory, work)
  }

  #bringBack(disk: Tables): void {
    const memory = this.#memory
    if (!memory) return
    makingRoom(disk, () => disk.absorb(memory))
    memory.close()
    this.#memory = undefined
  }

  #lose(error: unknown): void {
    const first = this.#lostAt === undefined
    this.#lostAt = Date.now()
    if (first) this.#options.onDisk?.('lost', error instanceof Error ? error.message : String(error))
  }

  #found(): void {
    if (this.#lostAt === undefined) return
    this.#lostAt = undefined
    this.#options.onDisk?.('back', '')
  }
}

/**
 * Runs a write; where the file has reached its size, after dropping the oldest quarter of it, and then all of it. On a
 * disk that others have filled nothing is dropped: it would make room for them.
 */
function makingRoom(tables: Tables, work: (tables: Tables) => void): void {
  for (const keep of [0.75, 0]) {
    try {
      work(tables)
      return
    } catch (error) {
      if (codeOf(error) !== FULL || !tables.isAtItsSize) throw error
      tables.makeRoom(keep)
    }
  }
  work(tables)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined
}

function unique<T>(items: T[], key: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse()
}
