/**
 * How a deadline travels: the whole milliseconds that are left, because the clocks of two machines differ (a point in
 * time would need them to agree). The time on the wire is not counted. As gRPC's `grpc-timeout` does it.
 */
export const DEADLINE_HEADER = 'x-deadline-ms'

/**
 * @param deadline epoch milliseconds
 * @param epoch now, in epoch milliseconds
 * @returns the header's value; `0` when the deadline has passed
 */
export function formatDeadline(deadline: number, epoch: number = Date.now()): string {
  return String(Math.min(LONGEST, Math.max(0, Math.floor(deadline - epoch))))
}

/**
 * @param epoch now, in epoch milliseconds
 * @returns the deadline in epoch milliseconds; undefined for a header that is missing, repeated or not a whole number
 */
export function parseDeadline(
  header: string | readonly string[] | null | undefined,
  epoch: number = Date.now(),
): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) return undefined
  return epoch + Math.min(Number(header), LONGEST)
}

/** A day. Nobody waits longer, and a mistaken header must not overflow anything. */
const LONGEST = 86_400_000
