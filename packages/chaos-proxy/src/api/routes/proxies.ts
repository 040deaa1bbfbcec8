import { ChaosProxyError } from '../../errors.ts'
import { readProxies, readProxy, readProxyChange } from '../../input/proxy.ts'
import type { Populated, ProxyCollection } from '../../proxy/proxy-collection.ts'
import type { Call, Handler, Route } from '../route.ts'

/** Proxies, one by one and many at once. With `?with=toxics`, those in the body are added in the same step. */
export function proxyRoutes(proxies: ProxyCollection): Route[] {
  const name = ({ parameters: [first = ''] }: Call) => first

  const list: Handler = () => ({
    status: 200,
    body: Object.fromEntries(proxies.list().map((proxy) => [proxy.name, proxy.view()])),
  })

  const create: Handler = async (call) => {
    const proxy = await proxies.create(readProxy(await call.body(), options(call)))
    return { status: 201, body: proxy.view() }
  }

  const populate: Handler = async (call) => {
    const { proxies: done, error } = await populated(proxies, call)
    const views = done.length === 0 ? null : done.map((proxy) => proxy.view())
    if (error === undefined) return { status: 201, body: { proxies: views } }
    return { status: error.status, body: { error: error.message, status: error.status, proxies: views } }
  }

  const show: Handler = (call) => ({ status: 200, body: proxies.get(name(call)).view() })

  const change: Handler = async (call) => {
    proxies.get(name(call))
    const proxy = await proxies.change(name(call), readProxyChange(await call.body()))
    return { status: 200, body: proxy.view() }
  }

  const remove: Handler = async (call) => {
    await proxies.remove(name(call))
    return { status: 204 }
  }

  const connections: Handler = (call) => ({ status: 200, body: proxies.get(name(call)).connections })

  return [
    { path: '/proxies', methods: { GET: list, POST: create } },
    { path: '/populate', methods: { POST: populate } },
    { path: '/proxies/*', methods: { GET: show, POST: change, PATCH: change, DELETE: remove } },
    { path: '/proxies/*/connections', methods: { GET: connections } },
  ]
}

const options = ({ query }: Call) => ({ withToxics: query.get('with') === 'toxics' })

async function populated(proxies: ProxyCollection, call: Call): Promise<Populated> {
  try {
    return await proxies.populate(readProxies(await call.body(), options(call)))
  } catch (error) {
    if (error instanceof ChaosProxyError) return { proxies: [], error }
    throw error
  }
}
