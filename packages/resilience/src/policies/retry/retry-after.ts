/**
 * @param outcome the error, or the result that was refused
 * @param epoch now, in epoch milliseconds
 * @returns milliseconds to wait, or undefined
 */
export type RetryAfterReader = (outcome: unknown, epoch: number) => number | undefined

/** Reads `retryAfter` (milliseconds) or the Retry-After header of an error, its `response`, or a response. */
export function readRetryAfter(outcome: unknown, epoch: number): number | undefined {
  if (typeof outcome !== 'object' || outcome === null) return undefined
  if ('retryAfter' in outcome && typeof outcome.retryAfter === 'number') return outcome.retryAfter
  const header = 'headers' in outcome ? headerOf(outcome.headers) : undefined
  if (header !== undefined) return parseRetryAfter(header, epoch)
  return 'response' in outcome && outcome.response !== outcome ? readRetryAfter(outcome.response, epoch) : undefined
}

/**
 * Parses a Retry-After header: seconds, or an HTTP date.
 *
 * @returns milliseconds from `epoch` on, never negative; undefined for anything else
 */
export function parseRetryAfter(header: string, epoch: number): number | undefined {
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  if (!HTTP_DATE.test(text)) return undefined
  const date = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : Math.max(0, date - epoch)
}

/**
 * All three forms of RFC 9110 begin with the day's name; `Date.parse` alone takes far more than dates, and the form
 * without a zone (asctime's) for local time.
 */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  if (headers instanceof Headers) return headers.get('retry-after') ?? undefined
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')
  const value: unknown = Array.isArray(entry?.[1]) ? entry[1][0] : entry?.[1]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
