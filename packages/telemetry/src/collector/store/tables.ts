import type { DatabaseSync } from 'node:sqlite'
import type { MetricPoint } from '../../otlp/read-metrics.ts'
import type { Fault, LogRecord, Span } from '../../trace.ts'
import type { Limits } from './limits.ts'
import { openDatabase } from './open-database.ts'
import { faultOf, logOf, metricOf, spanDetails, spanOf } from './rows.ts'
import { prepare } from './statements.ts'

/** One line of the list of traces. */
export interface TraceSummary {
  traceId: string
  /** Of the root, or of the earliest span while the root is not there. */
  name: string
  service: string
  /** Milliseconds since the epoch. */
  start: number
  /** Milliseconds, first start to last end. */
  duration: number
  spans: number
  errors: number
}

export interface ListOptions {
  limit: number
  /** Order by duration, longest first, instead of by start, newest first. */
  slowest: boolean
  /** Only those that started then or later, milliseconds since the epoch. */
  since: number
}

/** After reaching a limit, this share of it is freed at once, so that eviction doesn't run with every batch. */
const SLACK = 0.1

/** The tables of one SQLite database, each with its bound. Every call is one transaction. */
export class Tables {
  readonly #database: DatabaseSync
  readonly #limits: Limits
  readonly #statements
  #clock: number
  #spans: number

  /** @throws where the file can't be opened */
  constructor(path: string, limits: Limits) {
    this.#database = openDatabase(path, limits.bytes)
    this.#limits = limits
    this.#statements = prepare(this.#database)
    this.#clock = Number(this.#database.prepare('SELECT max(touched) AS n FROM traces').get()?.n ?? 0)
    this.#spans = this.#count('spans')
  }

  get spanCount(): number {
    return this.#spans
  }

  /** Whether the file is as large as it may be; if it is not, and can't grow, the disk is full of something else. */
  get isAtItsSize(): boolean {
    const pages = (name: string) => Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name])
    return pages('page_count') >= pages('max_page_count') * (1 - SLACK)
  }

  addSpans(spans: readonly Span[]): void {
    this.#write(() => this.#insertSpans(spans))
  }

  addLogs(logs: readonly LogRecord[]): void {
    this.#write(() => this.#insertLogs(logs))
  }

  addMetrics(points: readonly MetricPoint[]): void {
    this.#write(() => this.#insertMetrics(points))
  }

  putFault(fault: Fault): void {
    this.#write(() => this.#insertFault(fault))
  }

  /** Takes over what another holds, all or nothing. */
  absorb(other: Tables): void {
    this.#write(() => {
      this.#insertSpans(other.#statements.allSpans.all().map(spanOf))
      this.#insertLogs(other.#statements.allLogs.all().map(logOf))
      this.#insertMetrics(other.metrics())
      for (const fault of other.faultsBetween(0, Number.MAX_VALUE)) this.#insertFault(fault)
    })
  }

  /** Frees a part of a store whose file has reached its size, so that the next write finds room. */
  makeRoom(keep: number): void {
    this.#write(() => {
      this.#evictTraces(Math.floor(this.#spans * keep))
      this.#statements.trimLogs.run(Math.floor(this.#count('logs') * keep))
    })
  }

  spansOf(traceId: string): Span[] {
    return this.#statements.spans.all(traceId).map(spanOf)
  }

  logsOf(traceId: string, limit: number): LogRecord[] {
    return this.#statements.logs.all(traceId, limit).map(logOf)
  }

  metrics(): MetricPoint[] {
    return this.#statements.metrics.all().map(metricOf)
  }

  /** None or one. */
  fault(id: string): Fault[] {
    return this.#statements.fault.all(id).map(faultOf)
  }

  /** Those that were there at some time of the interval. */
  faultsBetween(start: number, end: number): Fault[] {
    return this.#statements.faultsBetween.all(end, start).map(faultOf)
  }

  traces({ limit, slowest, since }: ListOptions): TraceSummary[] {
    const list = slowest ? this.#statements.slowestTraces : this.#statements.newestTraces
    return list.all(since, limit).map((row) => ({
      traceId: String(row.trace_id),
      name: String(row.name ?? ''),
      service: String(row.service ?? ''),
      start: Number(row.start),
      duration: Number(row.end) - Number(row.start),
      spans: Number(row.spans),
      errors: Number(row.errors),
    }))
  }

  close(): void {
    this.#database.close()
  }

  #insertSpans(spans: readonly Span[]): void {
    const statements = this.#statements
    const touched = ++this.#clock
    for (const span of spans) {
      const known = Number(statements.spansOfTrace.get(span.traceId)?.spans ?? 0)
      if (known >= this.#limits.spansPerTrace) continue
      const { traceId, spanId, parentSpanId, service, name, kind, start, duration, status } = span
      const inserted = statements.addSpan.run(
        traceId,
        spanId,
        parentSpanId ?? null,
        service,
        name,
        kind,
        start,
        duration,
        status,
        span.statusMessage ?? null,
        spanDetails(span),
      )
      if (inserted.changes === 0) continue // sent again by an exporter that didn't hear us
      this.#spans++
      const [rootName, rootService] = parentSpanId === undefined ? [name, service] : [null, null]
      const error = status === 'error' ? 1 : 0
      statements.touchTrace.run(traceId, touched, start, start + duration, error, rootName, rootService)
    }
    if (this.#spans > this.#limits.spans) this.#evictTraces(this.#limits.spans * (1 - SLACK))
  }

  #insertLogs(logs: readonly LogRecord[]): void {
    for (const { traceId, spanId, time, service, severity, body, attributes } of logs)
      this.#statements.addLog.run(
        traceId ?? null,
        spanId ?? null,
        time,
        service,
        severity,
        body,
        JSON.stringify(attributes),
      )
    this.#statements.trimLogs.run(this.#limits.logs)
  }

  #insertMetrics(points: readonly MetricPoint[]): void {
    for (const { name, service, attributes, unit, type, time, value, count } of points)
      this.#statements.addMetric.run(name, service, JSON.stringify(attributes), unit, type, time, value, count ?? null)
    const surplus = this.#count('metrics') - this.#limits.series
    if (surplus > 0) this.#statements.trimMetrics.run(surplus)
  }

  #insertFault({ id, kind, target, from, to, label }: Fault): void {
    this.#statements.putFault.run(id, kind, target, from, to ?? null, label)
    const surplus = this.#count('faults') - this.#limits.faults
    if (surplus > 0) this.#statements.trimFaults.run(surplus)
  }

  /** Whole traces, those longest without news first. */
  #evictTraces(target: number): void {
    while (this.#spans > target) {
      const oldest = this.#statements.oldestTrace.get()
      if (!oldest) break
      this.#statements.deleteSpans.run(String(oldest.trace_id))
      this.#statements.deleteTrace.run(String(oldest.trace_id))
      this.#spans -= Number(oldest.spans)
    }
  }

  #write(work: () => void): void {
    const spans = this.#spans
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#spans = spans
      // SQLite has rolled back by itself where the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #count(table: 'spans' | 'metrics' | 'faults' | 'logs'): number {
    return Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0)
  }
}
