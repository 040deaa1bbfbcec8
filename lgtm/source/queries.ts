import { DEFAULT_PORTS, HOPS } from '@chaos-kitchen/kitchen'

/** Long enough for four samples at the five seconds between them, as Grafana works it out. */
const RANGE = '$__rate_interval'

export const SERVER = 'http_server_request_duration_seconds'
export const CLIENT = 'http_client_request_duration_seconds'
export const DATABASE = 'db_client_operation_duration_seconds'
export const ORDERS = `{service_name="order", http_route="/orders", http_request_method="POST"}`

/** Events a second, by some labels. */
export function rate(series: string, by: readonly string[] = []): string {
  return `sum${grouping(by)} (rate(${series}[${RANGE}]))`
}

/** How many in the time that is shown. */
export function total(series: string): string {
  return `sum(increase(${series}[$__range]))`
}

/** A quantile of a histogram, in seconds. */
export function quantile(share: number, histogram: string, selector: string, by: readonly string[] = []): string {
  return `histogram_quantile(${share}, ${rate(`${histogram}_bucket${selector}`, ['le', ...by])})`
}

/** Names the hops: callers know their proxies by port alone. */
export function byHop(query: string): string {
  return HOPS.filter(({ variable }) => variable !== undefined).reduce(
    (inner, { name }) => `label_replace(${inner}, "hop", "${name}", "server_port", "${DEFAULT_PORTS[name]}")`,
    query,
  )
}

function grouping(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.join(', ')})`
}
