import type { Metrics } from '../../metrics.ts'
import type { ProxyCollection } from '../../proxy/proxy-collection.ts'
import { COMPATIBLE_WITH } from '../../version.ts'
import type { Handler, Route } from '../route.ts'

/** What concerns the server as a whole. @param metrics not given: there is no `/metrics` */
export function serverRoutes(proxies: ProxyCollection, metrics: Metrics | undefined): Route[] {
  const version: Handler = () => ({ status: 200, body: { version: COMPATIBLE_WITH } })

  const reset: Handler = async () => {
    await proxies.reset()
    return { status: 204 }
  }

  const routes: Route[] = [
    { path: '/version', methods: { GET: version } },
    { path: '/reset', methods: { POST: reset } },
  ]
  if (metrics !== undefined) {
    const show: Handler = () => {
      const open = new Map(proxies.list().map((proxy) => [proxy.name, proxy.openConnections]))
      return { status: 200, body: metrics.render(open), type: 'text/plain; version=0.0.4; charset=utf-8' }
    }
    routes.push({ path: '/metrics', methods: { GET: show } })
  }
  return routes
}
