import { expect, test } from 'vitest'
import { CircuitOpenError, InjectedError, isTransient, TimeoutError } from '../../src/index.ts'
import { isThenable } from '../../src/outcome/is-thenable.ts'

const origin = { pipeline: 'menu', policy: 'mine' }

test.each([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
  '08000',
  '40001',
  '40P01',
  '53300',
  '57P01',
  '57P02',
  '57P03',
])('%s may be gone the next time', (code) => {
  expect(isTransient({ code })).toBe(true)
  expect(isTransient(Object.assign(new Error('wrapped'), { cause: { code } }))).toBe(true)
})

test.each(['', 'ENOTFOUND', '57P04', '0800', '080000', '140001', '400012', 'X57P01', 40_001, null])(
  '%j stays',
  (code) => {
    expect(isTransient({ code })).toBe(false)
  },
)

test('errors of policies are told apart by what they say, wherever they stand', () => {
  expect(isTransient(new InjectedError(origin))).toBe(true)
  expect(isTransient(new Error('wrapped', { cause: new TimeoutError(origin, 5) }))).toBe(true)
  expect(isTransient(new Error('wrapped', { cause: new CircuitOpenError(origin, 'open') }))).toBe(false)
  expect(isTransient(Object.assign(new CircuitOpenError(origin, 'open'), { status: 503 }))).toBe(false)
})

test('an error that is its own cause comes to an end', () => {
  const error = new Error('circle')
  error.cause = error
  expect(isTransient(error)).toBe(false)
})

test('what has a then that can be called is waited for, and nothing else', () => {
  // biome-ignore lint/suspicious/noThenProperty: the very point
  const callable = Object.assign(() => 1, { then: () => {} })
  // biome-ignore lint/suspicious/noThenProperty: the very point
  for (const value of [Promise.resolve(), { then() {} }, callable]) expect(isThenable(value)).toBe(true)
  // biome-ignore lint/suspicious/noThenProperty: the very point
  for (const value of [null, undefined, 'then', 5, {}, () => 1, { then: 1 }, { than() {} }])
    expect(isThenable(value)).toBe(false)
})
