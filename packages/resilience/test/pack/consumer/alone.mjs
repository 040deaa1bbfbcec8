// A plain JavaScript project without any of the optional peers.
import assert from 'node:assert/strict'
import { bulkhead, circuitBreaker, constant, OptionError, pipeline, retry, timeout } from '@chaos-kitchen/resilience'
import { DEADLINE_HEADER } from '@chaos-kitchen/resilience/fetch'
import { after, fails, given, succeeds } from '@chaos-kitchen/resilience/testing'

let calls = 0
const menu = pipeline('menu', [timeout(5_000), retry({ backoff: constant(1) }), circuitBreaker(), bulkhead()])
const item = await menu.execute(({ attempt }) => {
  calls++
  if (attempt < 3) throw new Error('down')
  return { attempt }
})
assert.deepEqual([item, calls], [{ attempt: 3 }, 3])
assert.throws(() => retry({ maxAttempt: 3 }), OptionError)
await given([timeout(50), retry({ backoff: constant(10) })])
  .when(fails(), after(10, succeeds('ok')))
  .thenExpect({ result: 'ok', attempts: 2, elapsed: 20 })
assert.equal(DEADLINE_HEADER, 'x-deadline-ms')
console.log(`alone: ok on Node ${process.versions.node.split('.')[0]}`)
