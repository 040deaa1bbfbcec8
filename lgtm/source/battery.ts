import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard } from './dashboard.ts'
import { UIDS } from './grafana.ts'
import { chart, traceTable } from './panels.ts'
import { CLIENT, ORDERS, quantile, rate, SERVER } from './queries.ts'

export function battery(): DashboardBuilder {
  return dashboard(
    'A battery',
    UIDS.battery,
    'One run: choose its time. Its orders, each with its trace, under its faults.',
  )
    .time({ from: 'now-5m', to: 'now' })
    .withPanel(
      traceTable(
        {
          title: 'Orders',
          description:
            'Each is the trace of one order with all its attempts. New ones take up to half a minute to be found here.',
        },
        '{ resource.service.name = "client" && name = "place order" } | select(span.order.number)',
      ),
    )
    .withPanel(
      chart({
        title: 'Attempts by reply',
        description: 'What the client got from the order service, a second.',
        unit: 'reqps',
        stacked: true,
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
        description: 'At the order service.',
        unit: 's',
        queries: [0.5, 0.95].map((share) => ({ expr: quantile(share, SERVER, ORDERS), legend: `p${share * 100}` })),
      }),
    )
    .withPanel(
      chart({
        title: 'Calls to menu and loyalty by reply',
        description: 'Calls of the order service a second; those without a status got no reply.',
        unit: 'reqps',
        queries: [
          {
            expr: rate(`${CLIENT}_count{service_name="order"}`, [
              'server_port',
              'http_response_status_code',
              'error_type',
            ]),
            legend: '{{server_port}} {{http_response_status_code}} {{error_type}}',
          },
        ],
      }),
    )
    .withPanel(
      traceTable(
        { title: 'Failed attempts', description: 'Traces in which the order service answered 5xx.' },
        '{ resource.service.name = "order" && kind = server && span.http.response.status_code >= 500 }',
      ).span(12),
    )
}
