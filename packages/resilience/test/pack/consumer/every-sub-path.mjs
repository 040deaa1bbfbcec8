// A plain JavaScript project that uses every sub-path, with the peers beside it.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { constant, isTransient, pipeline, retry, timeout } from '@chaos-kitchen/resilience'
import { fromCockatiel, toCockatiel } from '@chaos-kitchen/resilience/cockatiel'
import { resilience } from '@chaos-kitchen/resilience/fastify'
import { perOrigin, resilientFetch } from '@chaos-kitchen/resilience/fetch'
import { METRICS, observeEveryPipeline } from '@chaos-kitchen/resilience/otel'
import { isSerializationFailure, ResilientPool } from '@chaos-kitchen/resilience/pg'
import { virtualWorld } from '@chaos-kitchen/resilience/testing'
import { resilientDispatcher } from '@chaos-kitchen/resilience/undici'
import { noop, wrap } from 'cockatiel'
import Fastify from 'fastify'
import pg from 'pg'
import { Agent, request } from 'undici'

const endObserving = observeEveryPipeline()
let requests = 0
const server = createServer((_request, response) => response.writeHead(++requests % 2 === 1 ? 503 : 200).end('burger'))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}/`
const origins = perOrigin('js', () => [timeout(20_000), retry({ backoff: constant(1), handleError: isTransient })])

const response = await resilientFetch(origins)(url)
assert.deepEqual([response.status, await response.text(), requests], [200, 'burger', 2])

const agent = new Agent()
const { statusCode, body } = await request(url, { dispatcher: resilientDispatcher(agent, origins) })
assert.deepEqual([statusCode, await body.text(), requests], [200, 'burger', 4])
await agent.close()
server.close()

const app = Fastify()
await app.register(resilience, { admission: pipeline('inbound', [timeout(20_000)]), stateRoute: '/state' })
app.get('/', () => 'fine')
assert.equal((await app.inject('/')).body, 'fine')
assert.match((await app.inject('/state')).body, /inbound/)
await app.close()

const pool = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 5_000 })
const database = new ResilientPool(pool, { pipeline: pipeline('db', [timeout(20_000)]) })
await assert.rejects(database.query('SELECT 1'), { code: 'DATABASE_UNAVAILABLE' })
assert.equal(isSerializationFailure(Object.assign(new Error('deadlock'), { code: '40P01' })), true)
await pool.end()

const both = pipeline('both', [fromCockatiel(noop)])
assert.equal(await wrap(noop, toCockatiel(both)).execute(() => 7), 7)
assert.equal(METRICS.calls, 'resilience.pipeline.calls')
assert.equal(virtualWorld().now(), 0)
endObserving()
console.log(`every sub-path: ok on Node ${process.versions.node.split('.')[0]}`)
