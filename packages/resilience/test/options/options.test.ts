import { expect, test } from 'vitest'
import {
  adaptiveLimit,
  bulkhead,
  cache,
  circuitBreaker,
  constant,
  exponential,
  fallback,
  hedge,
  inject,
  linear,
  OptionError,
  pipeline,
  pipelines,
  rateLimit,
  retry,
  retryBudget,
  shed,
  throttle,
  timeout,
} from '../../src/index.ts'

/** What a person may write in JavaScript, where no compiler objects. */
function parsed(json: string) {
  return JSON.parse(json)
}

test.each([
  [() => timeout(0), 'timeout: limit is 0, but must be a number of milliseconds of at least 1, or Infinity'],
  [() => timeout(Number.NaN), 'limit is NaN'],
  [() => timeout(parsed('"5s"')), "limit is '5s'"],
  [() => retry(parsed('{"maxAttempts":0}')), 'retry: maxAttempts is 0, but must be a whole number of at least 1'],
  [() => retry(parsed('{"maxAttempt":3}')), 'retry: there is no option maxAttempt (did you mean maxAttempts?)'],
  [() => retry(parsed('{"handleerror":3}')), 'did you mean handleError?'],
  [() => retry(parsed('{"zzz":3}')), 'retry: there is no option zzz (there are: maxAttempts, '],
  [() => retry(parsed('{"backoff":100}')), 'backoff is 100, but must be a function'],
  [() => retry(parsed('null')), 'retry: the options are null'],
  [() => circuitBreaker({ failureRate: 50 }), 'failureRate is 50, but must be a share above 0 and at most 1'],
  [() => circuitBreaker({ windowCalls: 5, window: 5 }), 'window and windowCalls are given'],
  [() => circuitBreaker({ windowCalls: 5, minimumCalls: 9 }), 'minimumCalls is 9, but windowCalls is 5'],
  [() => circuitBreaker({ openFor: Number.POSITIVE_INFINITY }), 'openFor is Infinity'],
  [() => bulkhead({ maxConcurrent: 0.5 }), 'maxConcurrent is 0.5'],
  [() => bulkhead({ maxQueued: -1 }), 'maxQueued is -1'],
  [() => rateLimit(parsed('{}')), 'rateLimit: limit must be given'],
  [() => rateLimit({ limit: 1, kind: parsed('"spiky"') }), "kind is 'spiky', but must be one of 'smooth', 'bursty'"],
  [() => throttle({ overload: 0.5 }), 'overload is 0.5'],
  [() => shed(parsed('{}')), 'shed: load must be given'],
  [
    () => shed({ load: () => 0, thresholds: { low: -1 } }),
    'shed.thresholds: low is -1, but must be a load from 0 to 1, or Infinity for never',
  ],
  [() => hedge({ after: parsed('{}') }), 'hedge.after: quantile must be given'],
  [() => hedge({ after: { quantile: 95 } }), 'hedge.after: quantile is 95'],
  [() => cache(parsed('{}')), 'cache: ttl must be given'],
  [() => inject({ error: true, rate: 2 }), 'rate is 2'],
  [() => fallback(parsed('5')), 'produce is 5, but must be a function'],
  [() => adaptiveLimit({ algorithm: parsed('"vegas"') }), "algorithm is 'vegas'"],
  [() => retryBudget({ ratio: 20 }), 'ratio is 20'],
  [() => retryBudget({ tokens: 0 }), 'tokens is 0'],
  [() => pipelines({ create: parsed('1') }), 'create is 1'],
  [() => pipeline('', []), "pipeline: name is '', but must be a string with something in it"],
  [() => pipeline('menu', parsed('{}')), 'pipeline: policies is an object, but must be a list of policies'],
  [() => pipeline('menu', [retry(), parsed('{"kind":"retry"}')]), 'what retry(…), timeout(…) and their kin return'],
  [() => pipeline('menu', [], parsed('{"wurld":{}}')), 'there is no option wurld (did you mean world?)'],
  [() => constant(-1), 'constant: delay is -1'],
  [() => linear({ max: Number.POSITIVE_INFINITY }), 'linear: max is Infinity'],
  [() => exponential({ factor: 0.5 }), 'exponential: factor is 0.5'],
  [() => retry({ name: '' }), "name is ''"],
])('%s: %s', (create, message) => {
  expect(create).toThrow(OptionError)
  expect(create).toThrow(message)
})

test('an undefined option counts as not given', () => {
  const options: object = { maxConcurrent: undefined, maxQueued: undefined }
  expect(bulkhead(options).metrics()).toMatchObject({ maxConcurrent: 10, maxQueued: 0 })
})

test('reconfigure checks as creation does, and a mistake changes nothing', () => {
  const places = bulkhead({ maxConcurrent: 3 })
  expect(() => places.reconfigure({ maxConcurrent: 0 })).toThrow(OptionError)
  expect(places.metrics()).toMatchObject({ maxConcurrent: 3 })
})
