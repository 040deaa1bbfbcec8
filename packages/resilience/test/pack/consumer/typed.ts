// A TypeScript project that uses the types of every sub-path, and checks the libraries' own declarations too.
import {
  adaptiveLimit,
  type CallContext,
  cache,
  fallback,
  type Pipeline,
  pipeline,
  pipelines,
  type ResilienceEvent,
  retry,
  shed,
  timeout,
} from '@chaos-kitchen/resilience'
import { fromCockatiel, toCockatiel } from '@chaos-kitchen/resilience/cockatiel'
import { type ResiliencePluginOptions, resilience } from '@chaos-kitchen/resilience/fastify'
import { type ResilientFetch, resilientFetch } from '@chaos-kitchen/resilience/fetch'
import { observePipeline } from '@chaos-kitchen/resilience/otel'
import { databasePolicies, ResilientPool } from '@chaos-kitchen/resilience/pg'
import { given, succeeds } from '@chaos-kitchen/resilience/testing'
import { callOptions, resilienceInterceptor } from '@chaos-kitchen/resilience/undici'
import { type IPolicy, noop } from 'cockatiel'
import Fastify from 'fastify'
import pg from 'pg'
import { Agent } from 'undici'

const limit = adaptiveLimit()
const menu = pipeline('menu', [fallback(() => 'sold out'), shed({ load: limit }), limit, retry(), timeout(500)])
const events: ResilienceEvent[] = []
menu.subscribe((event) => events.push(event))
const answer: number | string = await menu.execute(async ({ signal, attempt }: CallContext) =>
  signal.aborted ? 0 : attempt,
)
// @ts-expect-error the fallback's answer may be a string
const _number: number = await menu.execute(() => 1)

const cached = pipeline('cached', [cache({ ttl: 1_000 })])
const price: number = await cached.execute(() => 10, { key: 'burger' })
// @ts-expect-error a cache needs a key
const withoutKey = cached.execute(() => 10).catch(() => 0)
// @ts-expect-error there is no such option
const wrongOption = () => retry({ maxAttempt: 3 })

const hosts = pipelines({ create: (host): Pipeline => pipeline(host, [timeout(500)]) })
const doubled: number = await hosts.for('a').wrap((_context, value: number) => value * 2)(21)

const fetchMenu: ResilientFetch = resilientFetch(hosts)
const agent = new Agent().compose(resilienceInterceptor(hosts))
const call = callOptions({ priority: 'low' })
const plugin: ResiliencePluginOptions = { priority: ({ method }) => (method === 'POST' ? 'high' : 'normal') }
const app = Fastify()
await app.register(resilience, plugin)
app.get('/', (request) => ({ deadline: request.deadline, aborted: request.signal.aborted }))
const database = new ResilientPool(new pg.Pool(), { pipeline: pipeline('db', databasePolicies()) })
const count = async (): Promise<number> =>
  (await database.query<{ count: number }>('SELECT 1 AS count')).rows[0]?.count ?? 0
const end: () => void = observePipeline(menu)
const policy: IPolicy = toCockatiel(pipeline('both', [fromCockatiel(noop)]))
await given([retry()]).when(succeeds(answer)).thenExpect({ result: answer })

end()
await Promise.all([app.close(), agent.close(), withoutKey])
const used = [fetchMenu, call, count, policy, wrongOption, events].every((each) => each !== undefined)
console.log(`typed: ${used && answer === 1 && price === 10 && doubled === 42 ? 'ok' : 'wrong'} on Node ${major()}`)

function major(): string {
  return process.versions.node.split('.')[0] ?? ''
}
