import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  identifyProcess,
  killTree,
  type ProcessIdentity,
  resumeTree,
  signal,
  stillRuns,
} from '@chaos-kitchen/disruptor/processes'

/**
 * Outlives the host by a moment. Children end by themselves when their standard input ends, but PostgreSQL does not
 * look at it and a frozen process cannot: the guard wakes and ends what is left. Standard input: `+PID` and `-PID`,
 * one a line; its end means that the host is gone.
 */
const watched = new Map<number, Promise<ProcessIdentity | undefined>>()

/** Time for children to end when asked to, in milliseconds; PostgreSQL then removes its shared memory. */
const GRACE = 2_500

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) watched.set(pid, identifyProcess(pid))
  else watched.delete(pid)
}

const left = (await Promise.all(watched.values())).filter((identity) => identity !== undefined)
for (const identity of left) {
  if (!(await stillRuns(identity))) continue
  resumeTree(identity.pid)
  signal(identity.pid, 'SIGTERM')
}
const deadline = performance.now() + GRACE
await Promise.all(
  left.map(async (identity) => {
    while ((await stillRuns(identity)) && performance.now() < deadline) await sleep(25)
    if (await stillRuns(identity)) killTree(identity.pid)
  }),
)
