import { expect, test } from 'vitest'
import { constant, parseRetryAfter, retry } from '../../src/index.ts'
import { fails, given } from '../../src/testing/index.ts'

const EPOCH = Date.UTC(2026, 0, 1)

test('a Retry-After longer than the cap is not clamped, which would retry too early: it gives up', async () => {
  const error = { headers: { 'retry-after': '3600' } }
  await given([retry({ backoff: constant(1), maxRetryAfter: 10_000 })])
    .when(fails(error))
    .thenExpect({ attempts: 1, elapsed: 0, error })
})

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['2026', 2_026_000],
])('Retry-After: %j is %j ms', (header, expected) => {
  expect(parseRetryAfter(header, EPOCH)).toBe(expected)
})

test('Retry-After is read from headers of any kind, and from the response of an error', async () => {
  for (const headers of [{ 'Retry-After': '2' }, { 'retry-after': ['2'] }, new Headers({ 'Retry-After': '2' })]) {
    for (const error of [{ headers }, { response: { headers } }]) {
      await given([retry({ backoff: constant(1), maxAttempts: 2 })])
        .when(fails(error))
        .thenExpect({ attempts: 2, elapsed: 2_000 })
    }
  }
})
