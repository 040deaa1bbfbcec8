import { type DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard } from './dashboard.ts'
import { UIDS } from './grafana.ts'
import { chart, figure } from './panels.ts'
import { byHop, CLIENT, DATABASE, ORDERS, quantile, rate, SERVER, total } from './queries.ts'

const PLACED = ORDERS.replace('}', ', http_response_status_code="201"}')
const FAILED = ORDERS.replace('}', ', http_response_status_code=~"5.."}')
const SLOW_ORDERS = '{ resource.service.name = "order" && name =~ "POST.*" }'

export function restaurant(): DashboardBuilder {
  return dashboard('Restaurant', UIDS.restaurant, 'Orders, errors and latency on every hop. Red regions are faults.')
    .withPanel(
      figure({
        title: 'Orders placed',
        description: 'Replies 201 in the time that is shown.',
        unit: 'short',
        queries: [{ expr: total(`${SERVER}_count${PLACED}`), legend: 'placed' }],
      }),
    )
    .withPanel(
      figure({
        title: 'Failed attempts',
        description: 'Replies 5xx of the order service. A client that tries again may still get its order.',
        unit: 'short',
        queries: [{ expr: `${total(`${SERVER}_count${FAILED}`)} or vector(0)`, legend: 'failed' }],
      }),
    )
    .withPanel(
      figure({
        title: 'Attempts per order',
        description: 'Requests that reached the order service for each order that was placed. One is calm.',
        unit: 'short',
        queries: [
          { expr: `${total(`${SERVER}_count${ORDERS}`)} / ${total(`${SERVER}_count${PLACED}`)}`, legend: 'attempts' },
        ],
      }),
    )
    .withPanel(
      figure({
        title: 'Order, 95th percentile',
        description: 'As the order service sees it: without its own proxy, and without attempts that never arrived.',
        unit: 's',
        queries: [{ expr: quantile(0.95, SERVER, ORDERS), legend: 'p95' }],
      }),
    )
    .withPanel(
      figure({
        title: 'Services that report',
        description: 'A service that is stopped or frozen sends no metrics.',
        unit: 'short',
        queries: [{ expr: 'count(count by (service_name) (nodejs_eventloop_utilization_ratio))', legend: 'services' }],
      }),
    )
    .withPanel(
      figure({
        title: 'Calls per order',
        description: 'What one order costs: calls to menu and loyalty, retries included.',
        unit: 'short',
        queries: [
          {
            expr: `${total(`${CLIENT}_count{service_name="order"}`)} / ${total(`${SERVER}_count${PLACED}`)}`,
            legend: 'calls',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Orders by reply',
        description: 'Requests a second at POST /orders, by status.',
        unit: 'reqps',
        stacked: true,
        traces: SLOW_ORDERS,
        queries: [
          {
            expr: rate(`${SERVER}_count${ORDERS}`, ['http_response_status_code']),
            legend: '{{http_response_status_code}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Latency of an order',
        description: 'At the order service, in the middle, and where it hurts.',
        unit: 's',
        traces: SLOW_ORDERS,
        queries: [0.5, 0.95, 0.99].map((share) => ({
          expr: quantile(share, SERVER, ORDERS),
          legend: `p${share * 100}`,
        })),
      }),
    )
    .withRow(new RowBuilder('Hops'))
    .withPanel(
      chart({
        title: 'Latency of a hop, 95th percentile',
        description: 'As the caller sees it, with whatever the proxy does to it.',
        unit: 's',
        queries: [
          { expr: byHop(quantile(0.95, CLIENT, '{service_name="order"}', ['server_port'])), legend: '{{hop}}' },
          { expr: byHop(quantile(0.95, DATABASE, '', ['server_port'])), legend: '{{hop}}' },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Errors of a hop',
        description:
          'Calls that failed a second: refused, cut, timed out, or answered 5xx. Those to PostgreSQL: see Resilience.',
        unit: 'reqps',
        queries: [
          {
            expr: byHop(rate(`${CLIENT}_count{service_name="order", error_type!=""}`, ['server_port', 'error_type'])),
            legend: '{{hop}} {{error_type}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Requests by service and route',
        description:
          'What arrives where. Menu and loyalty above the order service: one order makes several calls, or retries.',
        unit: 'reqps',
        queries: [
          {
            expr: rate(`${SERVER}_count{http_route!=""}`, ['service_name', 'http_request_method', 'http_route']),
            legend: '{{service_name}} {{http_request_method}} {{http_route}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Event loop delay, 99th percentile',
        description: 'A service that cannot keep up answers everything late. A line that ends: stopped or frozen.',
        unit: 's',
        queries: [{ expr: 'max by (service_name) (nodejs_eventloop_delay_p99_seconds)', legend: '{{service_name}}' }],
      }),
    )
}
