import { type DashboardBuilder, QueryVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dashboard } from './dashboard.ts'
import { PROMETHEUS, UIDS } from './grafana.ts'
import { chart, states } from './panels.ts'
import { quantile, rate } from './queries.ts'

const CALLS = 'resilience_pipeline_calls_total'
const DURATION = 'resilience_pipeline_duration_seconds'
const EVENTS = 'resilience_events_total'
const CIRCUIT = 'resilience_circuit_breaker_state_ratio'

const SELECTED = 'pipeline_name=~"$pipeline"'
/** Each state's series is 1 while the circuit is in it: weighed and taken together they say which. */
const STATE = [
  { value: 0, text: 'closed', state: 'closed', color: 'green' },
  { value: 1, text: 'half open', state: 'half-open', color: 'yellow' },
  { value: 2, text: 'open', state: 'open', color: 'red' },
  { value: 3, text: 'isolated', state: 'isolated', color: 'purple' },
]

export function resilience(): DashboardBuilder {
  return dashboard('Resilience', UIDS.resilience, 'What the pipelines of the order service do, policy by policy.')
    .withVariable(
      new QueryVariableBuilder('pipeline')
        .label('Pipeline')
        .datasource(PROMETHEUS)
        .query(`label_values(${CALLS}, pipeline_name)`)
        .multi(true)
        .includeAll(true)
        .allValue('.*')
        .current({ text: ['All'], value: ['$__all'] })
        .refresh(2),
    )
    .withPanel(
      states(
        {
          title: 'Circuit breakers',
          description: 'Open: calls are refused at once. Half open: a few are let through to see.',
          queries: [
            {
              expr: `max by (pipeline_name, policy_name) (${STATE.map(
                ({ state, value }) => `(${CIRCUIT}{${SELECTED}, state="${state}"} * ${value})`,
              ).join(' or ')})`,
              legend: '{{pipeline_name}} {{policy_name}}',
            },
          ],
        },
        STATE,
      ),
    )
    .withPanel(
      chart({
        title: 'Calls by outcome',
        description: 'Of the whole pipeline. Rejected: turned away by a policy, without asking the callee.',
        unit: 'reqps',
        queries: [
          {
            expr: rate(`${CALLS}{${SELECTED}}`, ['pipeline_name', 'outcome']),
            legend: '{{pipeline_name}} {{outcome}}',
          },
        ],
      }),
    )
    .withPanel(
      chart({
        title: 'Duration of a call, 95th percentile',
        description: 'With all its attempts and waits.',
        unit: 's',
        queries: [{ expr: quantile(0.95, DURATION, `{${SELECTED}}`, ['pipeline_name']), legend: '{{pipeline_name}}' }],
      }),
    )
    .withRow(new RowBuilder('What policies did'))
    .withPanel(
      policy('Retries', 'Tried again, recovered by it, gave up, or held back because the budget was spent.', 'retry'),
    )
    .withPanel(policy('Timeouts', 'Attempts or calls that were cut off.', 'timeout'))
    .withPanel(policy('Hedges', 'Second attempts beside a slow first one, and how many of them won.', 'hedge'))
    .withPanel(policy('Breakers', 'What the circuit breakers counted, and whom they refused.', 'circuitBreaker'))
    .withPanel(
      chart({
        title: 'Rejections',
        description: 'Calls that a policy turned away, by policy.',
        unit: 'reqps',
        queries: [
          {
            expr: rate(`${EVENTS}{${SELECTED}, event_name="rejections"}`, ['pipeline_name', 'policy_name']),
            legend: '{{pipeline_name}} {{policy_name}}',
          },
        ],
      }),
    )
    .withPanel(policy('Fallbacks', 'Calls that failed and were answered all the same.', 'fallback'))
    .withRow(new RowBuilder('Bulkheads and limits'))
    .withPanel(
      chart({
        title: 'Calls inside',
        description: 'At the limit, others wait or are refused.',
        unit: 'short',
        queries: [gauge('resilience_policy_active', 'inside'), gauge('resilience_policy_limit', 'limit')],
      }),
    )
    .withPanel(
      chart({
        title: 'Calls that wait',
        description: 'A queue that does not empty only makes everybody late.',
        unit: 'short',
        queries: [gauge('resilience_policy_queued', 'waiting'), gauge('resilience_policy_queue_limit', 'limit')],
      }),
    )
}

function policy(title: string, description: string, kind: string) {
  return chart({
    title,
    description,
    unit: 'ops',
    queries: [
      {
        expr: rate(`${EVENTS}{${SELECTED}, policy_kind="${kind}"}`, ['pipeline_name', 'policy_name', 'event_name']),
        legend: '{{pipeline_name}} {{policy_name}} {{event_name}}',
      },
    ],
  })
}

function gauge(metric: string, what: string) {
  return {
    expr: `max by (pipeline_name, policy_name) (${metric}{${SELECTED}})`,
    legend: `{{pipeline_name}} {{policy_name}} ${what}`,
  }
}
