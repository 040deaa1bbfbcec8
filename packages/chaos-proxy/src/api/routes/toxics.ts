import { changeToxic, readToxic } from '../../input/toxic.ts'
import type { ProxyCollection } from '../../proxy/proxy-collection.ts'
import type { Call, Handler, Route } from '../route.ts'

/** The toxics of a proxy. None of these waits for a connection. */
export function toxicRoutes(proxies: ProxyCollection): Route[] {
  const find = ({ parameters: [proxyName = '', toxicName = ''] }: Call) => {
    const proxy = proxies.get(proxyName)
    return { proxy, toxic: proxy.toxics.get(toxicName) }
  }
  const proxyOf = ({ parameters: [name = ''] }: Call) => proxies.get(name)

  const list: Handler = (call) => ({ status: 200, body: proxyOf(call).view().toxics })

  const add: Handler = async (call) => {
    proxyOf(call)
    const toxic = readToxic(await call.body())
    proxyOf(call).addToxic(toxic)
    return { status: 200, body: toxic.view() }
  }

  const show: Handler = (call) => ({ status: 200, body: find(call).toxic.view() })

  const change: Handler = async (call) => {
    find(call)
    const body = await call.body()
    const { proxy, toxic } = find(call)
    changeToxic(toxic, body)
    proxy.changedToxic(toxic)
    return { status: 200, body: toxic.view() }
  }

  const remove: Handler = (call) => {
    const { proxy, toxic } = find(call)
    proxy.removeToxic(toxic)
    return { status: 204 }
  }

  return [
    { path: '/proxies/*/toxics', methods: { GET: list, POST: add } },
    { path: '/proxies/*/toxics/*', methods: { GET: show, POST: change, PATCH: change, DELETE: remove } },
  ]
}
