import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two looks: often while it may come at any moment, then seldom, to leave it the processor. */
const LOOK_EVERY = { first: 20, later: 100, after: 2_000 }
const ANSWER_WITHIN = 1_000

/** Resolves once the address answers with 2xx; rejects when the signal aborts. */
export async function answers(url: string, signal: AbortSignal): Promise<void> {
  const { first, later, after } = LOOK_EVERY
  const began = performance.now()
  while (!(await succeeds(url, signal)))
    await sleep(performance.now() - began < after ? first : later, undefined, { signal })
}

/** False also when it is refused or silent: not there yet, or frozen. Only the signal ends the waiting. */
function succeeds(url: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: ANSWER_WITHIN, signal }, (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      resolve(status >= 200 && status < 300)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}
