/**
 * Calls `stop` once, at SIGTERM, SIGINT or, with `stdin`, when standard input ends: then the parent is gone, however it
 * went. A second signal ends the process at once.
 */
export function onStopRequest(stop: (reason: string) => void, { stdin }: { stdin: boolean }): void {
  let requested = false
  const request = (reason: string) => {
    if (requested) return
    requested = true
    stop(reason)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (requested) process.exit(1)
      request(signal)
    })
  }
  if (!stdin) return
  for (const event of ['end', 'close', 'error'] as const) process.stdin.on(event, () => request('parent gone'))
  process.stdin.resume()
  process.stdin.unref?.()
}
