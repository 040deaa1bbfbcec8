/**
 * Waits for work, but no longer than a limit in milliseconds, and swallows its failure: for exports only, where a
 * failure means that the collector is away, which is no reason to hold or to end whoever asks.
 */
export async function atMost(limit: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limit)
  await Promise.race([work.catch(() => undefined), late])
  clearTimeout(timer)
}
