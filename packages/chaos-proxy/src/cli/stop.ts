/**
 * Resolves with the reason once the process should end: SIGINT, SIGTERM or, when the kitchen started it (`KITCHEN=1`),
 * the end of standard input, which comes when the parent is gone, however it went.
 */
export function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'))
    process.once('SIGTERM', () => resolve('SIGTERM'))
    if (process.env.KITCHEN !== '1' || process.stdin.isTTY) return
    process.stdin.once('end', () => resolve('the parent process is gone'))
    process.stdin.once('error', () => resolve('the parent process is gone'))
    process.stdin.resume()
  })
}
