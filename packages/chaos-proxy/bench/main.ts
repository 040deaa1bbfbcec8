/**
 * Round trip, throughput and connections a second: direct, through chaos-proxy, and through toxiproxy-server where
 * there is one (TOXIPROXY_SERVER names its program, or it is on the PATH). The three take turns in every round, and
 * the median of the rounds counts, so that what else the machine does hits all of them alike.
 *
 * `node bench/main.ts [--rounds 5] [--quick]`
 */
import { spawnSync } from 'node:child_process'
import { cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { connectionRate, roundTrips, throughput, type Way } from './measure.ts'
import { ProxyProcess, type Target, Upstream } from './targets.ts'

interface Row {
  readonly what: string
  readonly unit: string
  /** Milliseconds of the latency toxic in both directions. */
  readonly latency?: number
  /** Not for the direct way. */
  readonly proxied?: boolean
  /** Several figures when one measurement gives them. */
  run(target: Target): Promise<number[]>
}

const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : Number(process.argv[process.argv.indexOf('--rounds') + 1] ?? 5) || 5
const scale = quick ? 0.1 : 1
const trips = Math.round(8_000 * scale)
const megabytes = Math.round(300 * scale)

const percentiles = (sorted: readonly number[]) => [at(sorted, 0.5), at(sorted, 0.99)]
const rtt = (count: number) => async (target: Target) => percentiles(await roundTrips(target.port, count))
const flow = (way: Way, connections: number) => async (target: Target) => [
  await throughput(target.port, way, connections, megabytes),
]

/** What a gigabyte costs in processor time: a figure that other programs on the machine hardly touch. */
const cost = (way: Way) => async (target: Target) => {
  const before = target.processorTime?.() ?? 0
  await throughput(target.port, way, 1, megabytes)
  return [(((target.processorTime?.() ?? 0) - before) * 1000) / megabytes]
}

/** Throughput each way and, where the system tells it, what it costs. */
const flows = (latency?: number): Row[] => {
  const through = latency === undefined ? '' : `latency ${latency} both ways: `
  const on = latency === undefined ? {} : { latency }
  return (['upload', 'download'] as const).flatMap((way) => [
    { what: `${through}${way}`, unit: 'MB/s', ...on, run: flow(way, 1) },
    ...(platform() === 'linux'
      ? [{ what: `${through}processor time for 1 GB, ${way}`, unit: 'ms', ...on, proxied: true, run: cost(way) }]
      : []),
  ])
}

const rows: readonly Row[] = [
  { what: 'round trip, 64 B: p50 / p99', unit: 'µs', run: rtt(trips) },
  ...flows(),
  { what: 'upload, 8 connections', unit: 'MB/s', run: flow('upload', 8) },
  { what: 'download, 8 connections', unit: 'MB/s', run: flow('download', 8) },
  {
    what: 'connections, 16 at a time',
    unit: '/s',
    run: async (target) => [await connectionRate(target.port, Math.round(4_000 * scale), 16)],
  },
  { what: 'latency 0 both ways: round trip p50 / p99', unit: 'µs', latency: 0, run: rtt(trips) },
  ...flows(0),
  { what: 'latency 10 both ways: round trip p50 / p99', unit: 'µs', latency: 10, run: rtt(Math.max(20, 100 * scale)) },
  ...flows(10),
]

using upstream = await Upstream.start()
const cli = join(import.meta.dirname, '..', 'src', 'cli.ts')
// The flag is the one of the command's first line, which counts when a shell starts it.
using ours = await ProxyProcess.start('chaos-proxy', [process.execPath, '--single-threaded-gc', cli], upstream.port)
const program = process.env.TOXIPROXY_SERVER ?? 'toxiproxy-server'
const available = spawnSync(program, ['-version']).status === 0
using real = available ? await ProxyProcess.start('toxiproxy-server', [program], upstream.port) : undefined
const targets: Target[] = [{ name: 'direct', port: upstream.port }, ours, ...(real === undefined ? [] : [real])]

console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model}),`,
)
console.log(`${Math.round(totalmem() / 2 ** 30)} GiB; rounds: ${rounds}; median of the rounds`)
if (real === undefined) console.log('toxiproxy-server is not here: set TOXIPROXY_SERVER to its program to compare')
console.log(`\n| | unit | ${targets.map(({ name }) => name).join(' | ')} |`)
console.log(`|---|---|${targets.map(() => '---:').join('|')}|`)
for (const row of rows) {
  const results = await compare(row)
  console.log(`| ${row.what} | ${row.unit} | ${targets.map((target) => results.get(target) ?? '').join(' | ')} |`)
}

async function compare(row: Row): Promise<Map<Target, string>> {
  const able = targets.filter((target) => (row.latency === undefined && !row.proxied) || target.latency !== undefined)
  const all = new Map<Target, number[][]>(able.map((target) => [target, []]))
  for (const target of able) await target.latency?.(row.latency)
  for (let round = 0; round < rounds; round++) {
    for (const target of able) all.get(target)?.push(await row.run(target))
  }
  return new Map([...all].map(([target, figures]) => [target, medians(figures)]))
}

function medians(figures: readonly number[][]): string {
  const columns = figures[0]?.length ?? 0
  return Array.from({ length: columns }, (_, column) =>
    at(
      figures.map((figure) => figure[column] ?? 0).toSorted((a, b) => a - b),
      0.5,
    ).toFixed(0),
  ).join(' / ')
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0
}
