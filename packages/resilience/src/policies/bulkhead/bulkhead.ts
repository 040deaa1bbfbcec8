import { Gate } from '../../gate/gate.ts'
import { OptionTable, type Settled } from '../../options/option-table.ts'
import { aName, milliseconds, wholeNumber } from '../../options/rules.ts'
import type { Binding, Policy, PolicyMetrics } from '../../pipeline/policy.ts'
import { BulkheadLayer } from './bulkhead-layer.ts'

export interface BulkheadOptions {
  /** Calls in flight at once. Default 10. */
  maxConcurrent?: number
  /** Calls that may wait for a place. Default 0: none, the next one is turned away. */
  maxQueued?: number
  /** Milliseconds that a call may wait for a place. Default Infinity: as long as its caller does. */
  maxWait?: number
  /** In errors, events and metrics. Default `bulkhead`. */
  name?: string
}

/**
 * Bounds the calls in flight, so that one slow callee does not take all of the process with it. Further calls wait in
 * a bounded queue, or are turned away with a `BulkheadFullError`. A call that is cancelled while it waits frees its place
 * in the queue at once.
 *
 * Higher priorities go first, and take the place of lower ones in a full queue; within one, first come first served.
 * Nobody starves: after eight calls in a row that overtook the one that has waited longest, it is its turn.
 *
 * Source: bulkheads, Nygard's "Release It!".
 */
export function bulkhead(options: BulkheadOptions = {}): Bulkhead {
  return new Bulkhead(options)
}

export class Bulkhead implements Policy {
  readonly kind = 'bulkhead'
  readonly name: string
  readonly gate: Gate
  /** Milliseconds. */
  maxWait: number
  private settings: Settled<BulkheadOptions>
  private rejections = 0

  constructor(options: BulkheadOptions) {
    this.settings = OPTIONS.create(options)
    this.name = this.settings.name
    this.gate = new Gate(this.settings.maxConcurrent, this.settings.maxQueued)
    this.maxWait = this.settings.maxWait
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.gate.inFlight
  }

  /** Calls that wait. */
  get queued(): number {
    return this.gate.queued
  }

  /** From 0, idle, to 1, full; for `shed`. */
  get load(): number {
    return this.gate.load
  }

  attach(binding: Binding): BulkheadLayer {
    return new BulkheadLayer(this, binding)
  }

  /** Lower limits hold for what comes next: nothing in flight or queued is turned away. */
  reconfigure(options: Omit<BulkheadOptions, 'name'>): void {
    this.settings = OPTIONS.change(this.settings, options)
    this.maxWait = this.settings.maxWait
    this.gate.resize(this.settings.maxConcurrent, this.settings.maxQueued)
  }

  count(): void {
    this.rejections++
  }

  metrics(): PolicyMetrics {
    const { inFlight, queued, maxConcurrent, maxQueued } = this.gate
    return { inFlight, queued, rejections: this.rejections, maxConcurrent, maxQueued }
  }
}

const OPTIONS = new OptionTable<BulkheadOptions>('bulkhead', {
  maxConcurrent: { rule: wholeNumber(1), default: 10 },
  maxQueued: { rule: wholeNumber(0), default: 0 },
  maxWait: { rule: milliseconds(1, 'infinity'), default: Number.POSITIVE_INFINITY },
  name: { rule: aName, default: 'bulkhead', fixed: true },
})
