import { expect, test } from 'vitest'
import { stackless } from '../src/errors/stackless.ts'
import {
  BulkheadFullError,
  CircuitOpenError,
  DeadlineExceededError,
  InjectedError,
  isTransient,
  LimitReachedError,
  OptionError,
  RateLimitedError,
  ResilienceError,
  ShedError,
  ThrottledError,
  TimeoutError,
} from '../src/index.ts'

const origin = { pipeline: 'menu', policy: 'mine' }

test.each([
  [new TimeoutError(origin, 5), 'TimeoutError', 'TIMEOUT', false],
  [new DeadlineExceededError(origin, 5), 'DeadlineExceededError', 'DEADLINE_EXCEEDED', false],
  [new CircuitOpenError(origin, 'open', { retryAfter: 5 }), 'CircuitOpenError', 'CIRCUIT_OPEN', true],
  [new BulkheadFullError(origin, 'full'), 'BulkheadFullError', 'BULKHEAD_FULL', true],
  [new LimitReachedError(origin, 5), 'LimitReachedError', 'LIMIT_REACHED', true],
  [new RateLimitedError(origin, 5), 'RateLimitedError', 'RATE_LIMITED', true],
  [new ThrottledError(origin, 0.5), 'ThrottledError', 'THROTTLED', true],
  [new ShedError(origin, 'low'), 'ShedError', 'SHED', true],
  [new InjectedError(origin), 'InjectedError', 'INJECTED', false],
])('%s', (error, name, code, rejected) => {
  expect(error).toBeInstanceOf(ResilienceError)
  expect(error).toMatchObject({ name, code, rejected, pipeline: 'menu' })
  expect(error.message).toMatch(/^menu: /)
  expect(String(error)).toBe(`${name}: ${error.message}`)
})

test('an option error names policy and option', () => {
  expect(new OptionError('retry', 'backoff', 'wrong')).toMatchObject({
    name: 'OptionError',
    code: 'INVALID_OPTION',
    policy: 'retry',
    option: 'backoff',
    message: 'retry: wrong',
  })
})

test('stackless: no frames, and the limit is as before', () => {
  const before = Error.stackTraceLimit
  expect(stackless(() => new TimeoutError(origin, 5)).stack).not.toContain('    at ')
  expect(() =>
    stackless(() => {
      throw new Error('create')
    }),
  ).toThrow('create')
  expect(Error.stackTraceLimit).toBe(before)
})

test.each<[unknown, boolean]>([
  [{ status: 503 }, true],
  [{ status: 501 }, false],
  [{ status: 500 }, true],
  [{ status: 429 }, true],
  [{ status: 408 }, true],
  [{ status: 425 }, true],
  [{ status: 404 }, false],
  [{ status: 400 }, false],
  [{ statusCode: 502 }, true],
  [{ code: 'ECONNRESET' }, true],
  [{ code: 'UND_ERR_SOCKET' }, true],
  [{ code: '40001' }, true],
  [{ code: '40P01' }, true],
  [{ code: '08006' }, true],
  [{ code: '57P01' }, true],
  [{ code: '23505' }, false],
  [{ code: 'ENOENT' }, false],
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), true],
  [new TypeError('undefined is not a function'), false],
  [new DOMException('took too long', 'TimeoutError'), true],
  [new DOMException('cancelled', 'AbortError'), false],
  [new TimeoutError(origin, 5), true],
  [new CircuitOpenError(origin, 'open'), false],
  [new DeadlineExceededError(origin, 5), false],
  ['text', false],
  [null, false],
  [undefined, false],
])('isTransient %o: %j', (error, expected) => {
  expect(isTransient(error)).toBe(expected)
})
