/**
 * How a deadline travels: the milliseconds that are left, because clocks of two machines differ. As in gRPC
 * (`grpc-timeout`).
 */
export const DEADLINE_HEADER = 'x-deadline-ms'

const LONGEST = 86_400_000

/** @returns epoch milliseconds; undefined for a header that is missing or makes no sense */
export function parseDeadline(header: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== 'string' || !/^\d+$/.test(header)) return undefined
  return now + Math.min(Number(header), LONGEST)
}

export function deadlineHeaders(deadline: number | undefined, now = Date.now()): Record<string, string> {
  if (deadline === undefined) return {}
  return { [DEADLINE_HEADER]: String(Math.max(0, Math.floor(deadline - now))) }
}
