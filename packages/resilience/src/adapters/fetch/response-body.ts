/** What is read of a failed reply's body before anybody asks for it. */
const LARGEST_BUFFER = 65_536

/**
 * Reads a body on a second branch, so that its connection can be used again while the call waits for its next attempt.
 * The response can still be read; a long body is left where it is after 64 KiB.
 */
export function readAhead(response: Response): void {
  if (response.body === null) return
  const reader = response.clone().body?.getReader()
  if (reader === undefined) return
  const read = async () => {
    for (let length = 0; length < LARGEST_BUFFER; ) {
      const { done, value } = await reader.read()
      if (done) return
      length += value.length
    }
    await reader.cancel()
  }
  // Whoever reads the response itself gets the error.
  read().catch(() => {})
}

/** Nobody will read it: what is still to come is not worth waiting for. */
export function discard(response: Response): void {
  if (response.body === null || response.bodyUsed) return
  response.body.cancel().catch(() => {})
}
