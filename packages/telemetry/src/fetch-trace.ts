import { setTimeout as sleep } from 'node:timers/promises'
import { readStoredTrace } from './stored-trace.ts'
import { readTempoTrace } from './tempo-trace.ts'
import type { Trace } from './trace.ts'

const REQUEST_TIMEOUT = 2_000
const POLL = 100

/**
 * Asks for a trace: the kitchen's own collector, or Tempo; which one is seen by the answer.
 *
 * @param baseUrl for example `http://127.0.0.1:3000`, or `http://127.0.0.1:3200` for Tempo
 * @param id 32 hex digits
 * @returns undefined while no span of it is known
 * @throws Error, in words, where nothing answers or something else than a trace is answered
 */
export async function fetchTrace(baseUrl: string, id: string): Promise<Trace | undefined> {
  const response = await get(new URL(`/api/traces/${encodeURIComponent(id)}`, baseUrl))
  if (response.status === 404) return undefined
  const text = await response.text()
  if (!response.ok) throw new Error(`${baseUrl} answers ${response.status} for trace ${id}: ${text.slice(0, 200)}`)
  const body = parse(text)
  return readStoredTrace(body) ?? readTempoTrace(body)
}

/**
 * Asks until the trace is there.
 *
 * @param timeout milliseconds
 * @param enough whether what has arrived will do; default: anything
 * @returns what there is after the timeout, undefined where there is nothing, also when nothing answers
 */
export async function waitForTrace(
  baseUrl: string,
  id: string,
  timeout: number,
  enough: (trace: Trace) => boolean = () => true,
): Promise<Trace | undefined> {
  const deadline = performance.now() + timeout
  for (;;) {
    const trace = await fetchTrace(baseUrl, id).catch(() => undefined)
    const left = deadline - performance.now()
    if ((trace && enough(trace)) || left <= 0) return trace
    await sleep(Math.min(POLL, left))
  }
}

async function get(url: URL): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT) })
  } catch (cause) {
    throw new Error(`Nothing answers at ${url.origin}; the traces can't be looked up.`, { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
