/** What is tried on each library, in the order of the table. */
export const HAZARDS = {
  backoff: 'aborted during a backoff of 100 ms',
  before: 'a signal that is aborted beforehand; retry, timeout',
  success: 'the signal, 100 ms after a success',
  shared: '1 000 calls in flight with one signal',
  cancel: "a caller's cancel rejects with",
  infinity: '`timeout(Infinity)`',
  long: 'a timeout of 2³¹ + 1 000 ms',
  stale: 'a failure from before the break, during half-open',
  trial: 'a trial call that is cancelled',
  parked: '100 callers beyond the trial call',
  isolated: 'a snapshot taken while isolated',
  old: '9 failures, then 1 more four windows later (10 open it)',
  listener: 'a listener of successes that throws, under a retry',
  queue: 'a queued call that is aborted, when another comes',
  jitter: 'delays of factor 5 from 10 ms, with jitter at its most',
  attempts: '`maxAttempts: 3`',
  error: 'the error of an open circuit tells',
  cost: 'one more failure, with 50 000 in the window',
  tooLong: 'Retry-After of 2 s, at most 200 ms allowed',
  date: 'Retry-After as a date, 2 s ahead',
} as const

export type Hazard = keyof typeof HAZARDS

/** One library: what came of each hazard that it can have. A hazard of a feature that it lacks is left out. */
export interface Peer {
  readonly name: string
  readonly results: Partial<Record<Hazard, () => Promise<string>>>
}

export const REASON = new Error('the user left')

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en').replace(',', ' ')} ${noun}${count === 1 ? '' : 's'}`
}

/** The promise's error, or undefined where it fulfils. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}

/** Settled `milliseconds` from now? */
export async function isSettled(promise: PromiseLike<unknown>, milliseconds: number): Promise<boolean> {
  return await Promise.race([errorOf(promise).then(() => true), wait(milliseconds).then(() => false)])
}

/** What an error tells besides its message: the name that the user gave, and when to come back. */
export function telling(error: unknown, name: string): string {
  if (!(error instanceof Error)) return 'nothing'
  const text = `${error.message} ${JSON.stringify({ ...error })}`
  const parts = [
    text.includes(name) ? 'its name' : 'no name',
    /retry-?after/i.test(text) ? 'retry-after' : 'no retry-after',
  ]
  return parts.join(', ')
}

/** CPU time of one call of many, in microseconds, to one significant digit. */
export async function cost(calls: number, run: () => unknown): Promise<string> {
  const start = process.threadCpuUsage()
  for (let call = 0; call < calls; call++) await run()
  const { user, system } = process.threadCpuUsage(start)
  return `${Number(((user + system) / calls).toPrecision(1))
    .toLocaleString('en')
    .replace(',', ' ')} µs`
}

export function cancelled(error: unknown): string {
  if (error === REASON) return "the caller's reason"
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
