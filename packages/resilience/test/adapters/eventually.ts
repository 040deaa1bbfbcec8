import { expect } from 'vitest'

/** Asks again until the expectation holds; patient enough for a machine under great load. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000, interval: 10 })
}
