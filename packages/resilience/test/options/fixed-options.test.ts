import { expect, test } from 'vitest'
import {
  adaptiveLimit,
  bulkhead,
  cache,
  circuitBreaker,
  hedge,
  inject,
  rateLimit,
  retry,
  shed,
  throttle,
  timeout,
} from '../../src/index.ts'

/** What a policy is created with for its life, as JavaScript might try to change it. */
const FIXED: Record<string, [policy: { name: string; reconfigure(options: never): void }, options: object[]]> = {
  timeout: [timeout({ limit: 5, name: 'mine' }), []],
  retry: [retry({ name: 'mine' }), []],
  circuitBreaker: [circuitBreaker({ name: 'mine' }), []],
  bulkhead: [bulkhead({ name: 'mine' }), []],
  rateLimit: [rateLimit({ limit: 5, name: 'mine' }), []],
  throttle: [throttle({ name: 'mine' }), [{ window: 5 }]],
  shed: [shed({ load: () => 0, name: 'mine' }), []],
  adaptiveLimit: [adaptiveLimit({ name: 'mine' }), [{ initial: 5 }]],
  hedge: [hedge({ name: 'mine' }), []],
  cache: [cache({ ttl: 5, name: 'mine' }), []],
  inject: [inject({ error: true, name: 'mine' }), [{ rate: 1, seed: 5 }]],
}

test.each(Object.entries(FIXED))('%s: what holds for its life cannot be changed', (kind, [policy, options]) => {
  for (const change of [{ ...options[0], name: 'other' }, ...options]) {
    const reconfigure = () => policy.reconfigure(change as never)
    expect(reconfigure).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', policy: kind }))
    expect(reconfigure).toThrow(/ for as long as it lives|there is no option/)
  }
  expect(policy.name).toBe('mine')
})
