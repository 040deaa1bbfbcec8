import { median, toRows } from './measure.ts'
import * as subjects from './subjects.ts'

const succeeds = async () => 1
const bare: subjects.Subject = async (fn) => await fn()
const all: [string, subjects.Subject][] = [
  ['bare await fn()', bare],
  ['raced, no policy', subjects.raced()],
  ['this library', subjects.ours()],
  ['cockatiel, the same four', subjects.theirs()],
  ['opossum with timeout', subjects.opossum()],
]

const allocated: [string, number][] = []
for (const [name, subject] of all)
  allocated.push([name, await allocatedBy(name === all[0]?.[0] ? succeeds : () => subject(succeeds))])
const retained: [string, number][] = []
for (const [name, subject] of all) retained.push([name, await retainedBy(subject)])

console.log(
  JSON.stringify([
    ...toRows('Allocated by a call that succeeds', 'B', allocated),
    ...toRows('Retained by a call in flight (20 000 of them)', 'B', retained),
  ]),
)
process.exit(0)

/** Once V8 has compiled all of it, which it does beside: what it has not compiled yet allocates more. */
async function allocatedBy(run: () => Promise<unknown>): Promise<number> {
  const CALLS = 10_000
  const rounds: number[] = []
  for (let round = 0; round < 12; round++) {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    for (let call = 0; call < CALLS; call++) await run()
    rounds.push((process.memoryUsage().heapUsed - before) / CALLS)
    await new Promise((compiled) => setTimeout(compiled, 10))
  }
  return median(rounds.slice(-5))
}

async function retainedBy(subject: subjects.Subject): Promise<number> {
  const CALLS = 20_000
  const { promise, resolve } = Promise.withResolvers<void>()
  const fn = async () => await promise
  const calls: Promise<unknown>[] = []
  collect()
  const before = process.memoryUsage().heapUsed
  for (let call = 0; call < CALLS; call++) calls.push(subject(fn))
  await new Promise((settled) => setImmediate(settled))
  collect()
  const after = process.memoryUsage().heapUsed
  resolve()
  await Promise.all(calls)
  return (after - before) / CALLS
}

function collect(): void {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
}
