import type { Row } from './report.ts'

export type Case = () => unknown

/**
 * Measures the cases of a group in interleaved rounds, so that whatever else the machine does hits all alike, and takes
 * each one's median. Time is the thread's own CPU time: waiting for a core does not count. Its clock ticks in
 * milliseconds, so a round lasts for many of them.
 */
export async function compare(group: string, cases: Record<string, Case>, rounds = 11): Promise<Row[]> {
  const names = Object.keys(cases)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds + WARM_UP; round++)
    for (const [name, run] of Object.entries(cases)) {
      const time = await timed(run)
      if (round >= WARM_UP) times.get(name)?.push(time)
    }
  return toRows(
    group,
    'ns',
    names.map((name) => [name, median(times.get(name) ?? [])]),
  )
}

const WARM_UP = 3
const ROUND = 40_000

/** Nanoseconds a call, from as many calls as a round takes. */
async function timed(run: Case): Promise<number> {
  const start = process.threadCpuUsage()
  let calls = 0
  let spent = 0
  while (spent < ROUND) {
    for (let call = 0; call < 1_000; call++) await run()
    calls += 1_000
    const { user, system } = process.threadCpuUsage(start)
    spent = user + system
  }
  return (spent * 1_000) / calls
}

export function toRows(group: string, unit: Row['unit'], values: [string, number][]): Row[] {
  const base = values[0]?.[1] ?? 1
  return values.map(([name, value]) => ({ group, name, value, unit, times: value / base }))
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
