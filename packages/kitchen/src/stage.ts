import type { Target } from '@chaos-kitchen/disruptor'

/** Where the restaurant runs. Both stages serve every battery, exercise and command unchanged. */
export interface Stage {
  readonly kind: 'embedded' | 'docker'
  /** Path of the disruptor's write-ahead ledger, from which `up` heals what a killed command left disturbed. */
  readonly ledger: string
  /** Starts what does not run yet, or adopts what does. Resolves once every service is ready. */
  up(options?: UpOptions): Promise<void>
  /** Ends everything that this stage started, and nothing else. */
  down(): Promise<void>
  /** A fresh restaurant without restarts: no toxics, every target running, no orders. */
  reset(): Promise<void>
  status(): Promise<StageStatus>
  /** What the disruptor may stop. */
  targets(): Target[]
  /** The Toxiproxy API and the proxies behind it, one a hop. */
  proxies(): StageProxies
  /** Addresses of the running restaurant; only after `up`. */
  addresses(): StageAddresses
  /**
   * Restarts the order service alone, with another implementation file, and waits until it is ready. A restart or
   * reset that is under way is given up.
   * @throws StageError when the file cannot be loaded: code, message, and file and line where known.
   */
  useOrderService(file: string): Promise<void>
  /**
   * Has the next order service load all but its file, where the stage can, so that `useOrderService` waits for little.
   * For a quiet time: loading takes a processor most of a second.
   */
  standBy?(): Promise<void>
  /**
   * Resolves the moment that an order of this customer is committed, seen in the database itself: for faults that have
   * to come between two steps of the order service.
   */
  untilSaved(customerId: string, signal: AbortSignal): Promise<void>
}

export interface UpOptions {
  /** Told what becomes ready and what is awaited; called at least once a second while waiting. */
  onProgress?: (progress: UpProgress) => void
  signal?: AbortSignal
  /** The implementation that the order service starts with; the starting service by default. */
  orderService?: string
  /**
   * First of the ports to try; the defaults otherwise; 0 for any free ones. A taken port is replaced by a free one, and
   * that is said.
   */
  portBase?: number
  /** Keep running after this process ends (`pnpm workshop up`). */
  detached?: boolean
}

export interface UpProgress {
  ready: { name: string; ms: number }[]
  waiting: string[]
  /** A sentence worth showing, as "Port 3000 is taken by grafana (pid 411); using 3001." */
  note?: string
}

export interface StageStatus {
  running: boolean
  services: {
    name: string
    state: 'running' | 'paused' | 'stopped'
    ready: boolean
    pid?: number
    url?: string
    /** How often it ended by itself, where that is counted, and why it did so last. */
    endsByItself?: { times: number; last: string }
  }[]
  toxics: number
  detached: boolean
}

export interface StageProxies {
  /** Base URL of the Toxiproxy HTTP API. */
  readonly apiUrl: string
  /** Names of the proxies that exist, one a hop. */
  readonly hops: string[]
}

export interface StageAddresses {
  /** The order service through its proxy: what clients use. */
  order: string
  /** Past the proxies: what checks read, so that chaos cannot fool them. */
  direct: { order: string; menu: string; loyalty: string }
  /** Where traces are sent (OTLP/HTTP). */
  otlp: string
  /** Where a trace is read as JSON: for `fetchTrace` of the telemetry. */
  traces: string
  /** Where a person looks a trace up. */
  traceUrl(traceId: string): string
  /** True once the trace can be found there. */
  traceFound(traceId: string): Promise<boolean>
  /**
   * Tells of a fault, to be drawn over traces and charts: when it begins, and again under the same id, with `to`, when
   * it is over. Rejects when nobody takes it.
   */
  reportFault(fault: ReportedFault): Promise<void>
}

export interface ReportedFault {
  id: string
  /** For example `latency` or `stop`. */
  kind: string
  /** The hop or target that it hits. */
  target: string
  /** Milliseconds since the epoch. */
  from: number
  /** Absent while it lasts. */
  to?: number
  /** In words, for a person. */
  label: string
}

/** What happened, what it means, what to do: told to a person, never with a stack. */
export class StageError extends Error {
  override readonly name = 'StageError'
  readonly code: string
  readonly meaning: string
  /** Commands or steps that mend it. */
  readonly remedy: string[]
  readonly location: { file: string; line?: number; column?: number } | undefined

  constructor(
    code: string,
    text: { what: string; meaning: string; remedy: string[] },
    location?: { file: string; line?: number; column?: number },
  ) {
    super(text.what)
    this.code = code
    this.meaning = text.meaning
    this.remedy = text.remedy
    this.location = location
  }
}
