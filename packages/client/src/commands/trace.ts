import { renderWaterfall, waitForTrace } from '@chaos-kitchen/telemetry'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { withTraces } from '../cli/with-traces.ts'
import { lastRun } from '../report/runs.ts'
import { pause } from '../run/pause.ts'

interface Options {
  readonly web?: boolean
  readonly json?: boolean
}

const PATIENCE = 3_000

export default function trace(command: Command): void {
  command
    .argument('[id]', 'a trace id, its beginning, or the number of an order of the last run')
    .option('--web', 'serves its page until Ctrl-C')
    .option('--json', 'the spans as one object on standard output')
    .action(perform<Options, [string | undefined]>(showTrace))
}

/** @throws UsageError when there is no such trace */
export async function showTrace(context: Context<Options>, id: string | undefined): Promise<number> {
  const { options, output, signal } = context
  const stage = await openStage(context)
  const run = await lastRun(stage.home.folder)
  const wanted = resolveTrace(id, run)
  return withTraces(stage, async ({ url, pageUrl }) => {
    const found = await waitForTrace(url, wanted.traceId, PATIENCE)
    if (found === undefined) throw unknownTrace(wanted.traceId)
    const { width } = output.theme
    const look = { width, colour: output.theme.dim('x') !== 'x', ascii: output.theme.plain('…') !== '…' }
    const height = output.live ? Math.max(12, (process.stdout.rows ?? 24) - 4) : 60
    const label = wanted.order === undefined ? {} : { label: `order ${wanted.order}` }
    output.print('', renderWaterfall(found, found.faults, { ...look, ...label, height }), '')
    output.result(found)
    if (options.web) {
      output.note(`${pageUrl(wanted.traceId)}    until Ctrl-C`)
      await pause(Number.POSITIVE_INFINITY, signal)
    }
    return EXIT.passed
  })
}

interface RunWithTraces {
  readonly orders: readonly { readonly number: number; readonly traceId: string; readonly ms: number }[]
}

interface WantedTrace {
  traceId: string
  order?: number
}

/** @throws UsageError for what is neither a trace id nor part of the last run */
export function resolveTrace(id: string | undefined, run: RunWithTraces | undefined): WantedTrace {
  if (id === undefined) {
    const slowest = run?.orders.toSorted((a, b) => b.ms - a.ms)[0]
    if (slowest !== undefined) return { traceId: slowest.traceId, order: slowest.number }
    throw noRunYet('whose slowest order could be shown')
  }
  const known = run?.orders.find(
    ({ traceId, number }) => String(number) === id || (id.length >= 4 && traceId.startsWith(id)),
  )
  if (known !== undefined) return { traceId: known.traceId, order: known.number }
  if (/^[0-9a-f]{32}$/i.test(id)) return { traceId: id.toLowerCase() }
  if (run === undefined && /^\d{1,3}$/.test(id)) throw noRunYet(`whose order ${id} could be shown`)
  throw new UsageError(`"${id}" is no trace id.`, {
    meaning:
      'A trace id has 32 hex digits; the beginning will do for orders of the last run, and so will their numbers.',
    remedy: ['pnpm workshop trace       the slowest order of the last run', 'pnpm workshop trace 2     its order 2'],
  })
}

function noRunYet(what: string): UsageError {
  return new UsageError(`There is no run yet ${what}.`, {
    remedy: ['pnpm workshop battery complete', 'pnpm workshop trace ID'],
  })
}

function unknownTrace(traceId: string): UsageError {
  return new UsageError(`The trace ${traceId} is not here.`, {
    meaning: 'It was never made on this machine, or newer ones have taken its place.',
    remedy: ['pnpm workshop trace    the slowest order of the last run'],
  })
}
