import { type DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard } from './dashboard.ts'
import { UIDS } from './grafana.ts'
import { chart, states } from './panels.ts'
import { DATABASE, quantile, rate } from './queries.ts'

const OURS = 'datname=~"menu|loyalty|order"'
const POOL = 'db_client_connection'

export function database(): DashboardBuilder {
  return dashboard(
    'Database',
    UIDS.database,
    'Connection pools as the services see them, and PostgreSQL as it sees itself.',
  )
    .withPanel(
      states(
        {
          title: 'PostgreSQL',
          description: 'Whether it answers, past the proxies.',
          queries: [{ expr: 'max(pg_up)', legend: 'PostgreSQL' }],
        },
        [
          { value: 0, text: 'away', color: 'red' },
          { value: 1, text: 'up', color: 'green' },
        ],
      ).height(4),
    )
    .withRow(new RowBuilder('Pools of the services'))
    .withPanel(
      chart({
        title: 'Connections',
        description: 'Used and idle. All used and none idle: whoever comes next waits.',
        unit: 'short',
        queries: [
          {
            expr: `sum by (service_name, db_client_connection_state) (${POOL}_count)`,
            legend: '{{service_name}} {{db_client_connection_state}}',
          },
          { expr: `sum by (service_name) (${POOL}_max)`, legend: '{{service_name}} most' },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Waiting for a connection',
        description: 'Requests that hold no connection yet. More than a moment of this and the pool is exhausted.',
        unit: 'short',
        queries: [{ expr: `sum by (service_name) (${POOL}_pending_requests)`, legend: '{{service_name}}' }],
      }),
    )
    .withPanel(
      chart({
        title: 'Query time, 95th percentile',
        description: 'As the service sees it, with its proxy.',
        unit: 's',
        queries: [
          {
            expr: quantile(0.95, DATABASE, '', ['service_name', 'db_operation_name']),
            legend: '{{service_name}} {{db_operation_name}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Queries',
        description: 'Statements a second.',
        unit: 'ops',
        stacked: true,
        queries: [
          {
            expr: rate(`${DATABASE}_count`, ['service_name', 'db_operation_name']),
            legend: '{{service_name}} {{db_operation_name}}',
          },
        ],
      }),
    )
    .withRow(new RowBuilder('PostgreSQL'))
    .withPanel(
      chart({
        title: 'Sessions',
        description: '"idle in transaction" holds locks while it does nothing.',
        unit: 'short',
        stacked: true,
        queries: [
          {
            expr: `sum by (datname, state) (pg_stat_activity_count{${OURS}, state=~"active|idle|idle in transaction"})`,
            legend: '{{datname}} {{state}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Transactions',
        description: 'Committed, and rolled back.',
        unit: 'ops',
        queries: [
          { expr: rate(`pg_stat_database_xact_commit{${OURS}}`, ['datname']), legend: '{{datname}} committed' },
          { expr: rate(`pg_stat_database_xact_rollback{${OURS}}`, ['datname']), legend: '{{datname}} rolled back' },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Locks',
        description: 'Held or wanted, by mode.',
        unit: 'short',
        queries: [{ expr: `sum by (datname, mode) (pg_locks_count{${OURS}}) > 0`, legend: '{{datname}} {{mode}}' }],
      }),
    )
    .withPanel(
      chart({
        title: 'Rows',
        description: 'Inserted, updated and deleted a second.',
        unit: 'ops',
        queries: (['inserted', 'updated', 'deleted'] as const).map((what) => ({
          expr: rate(`pg_stat_database_tup_${what}{${OURS}}`, ['datname']),
          legend: `{{datname}} ${what}`,
        })),
      }),
    )
}
