import * as common from '@grafana/grafana-foundation-sdk/common'
import {
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingMode,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { SearchTableType, TempoQueryBuilder } from '@grafana/grafana-foundation-sdk/tempo'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { PROMETHEUS, TEMPO } from './grafana.ts'

export interface Query {
  expr: string
  /** What a series is called, with labels as {{label}}. */
  legend: string
}

export interface PanelText {
  title: string
  /** What is seen, and what to make of it. */
  description: string
}

export interface ChartOptions extends PanelText {
  unit: string
  queries: Query[]
  /** Of 24. */
  width?: number
  stacked?: boolean
  /** TraceQL that finds the calls behind a point of the chart. */
  traces?: string
}

export function chart({
  title,
  description,
  unit,
  queries,
  width = 12,
  stacked = false,
  traces,
}: ChartOptions): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit)
    .min(0)
    .span(width)
    .height(8)
    .interval(INTERVAL)
    .lineWidth(2)
    .fillOpacity(stacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    // A service that is stopped sends nothing; a line across the gap would hide that.
    .spanNulls(false)
    .stacking(new common.StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(common.SortOrder.Descending))
  if (traces !== undefined) panel.dataLinks([tracesLink(traces)])
  for (const target of targets(queries)) panel.withTarget(target)
  return panel
}

export function figure({ title, description, unit, queries, width = 4 }: ChartOptions): StatBuilder {
  const panel = new StatBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit)
    .span(width)
    .height(4)
    .interval(INTERVAL)
    .noValue('none yet')
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  for (const target of targets(queries)) panel.withTarget(target.instant())
  return panel
}

export interface State {
  value: number
  text: string
  color: string
}

/** Coloured bands: which state, when. */
export function states(
  { title, description, queries, width = 24 }: Omit<ChartOptions, 'unit'>,
  values: readonly State[],
): StateTimelineBuilder {
  const panel = new StateTimelineBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .span(width)
    .height(8)
    .interval(INTERVAL)
    .mappings([
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(values.map(({ value, text, color }, index) => [value, { text, color, index }])),
      },
    ])
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(values.map(({ value, color }, index) => ({ value: index === 0 ? null : value, color }))),
    )
  for (const target of targets(queries)) panel.withTarget(target)
  return panel
}

/** Traces that a TraceQL query finds, each a link. */
export function traceTable({ title, description }: PanelText, query: string): TableBuilder {
  return new TableBuilder()
    .title(title)
    .description(description)
    .datasource(TEMPO)
    .span(24)
    .height(10)
    .withTarget(
      new TempoQueryBuilder()
        .refId('A')
        .datasource(TEMPO)
        .queryType('traceql')
        .query(query)
        .limit(50)
        .tableType(SearchTableType.Traces)
        .filters([]),
    )
}

const INTERVAL = '5s'

function targets(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(PROMETHEUS)
      .expr(expr)
      .legendFormat(legend)
      .exemplar(true),
  )
}

/** From a point of a chart to the traces of that minute. */
function tracesLink(query: string): DashboardLinkBuilder {
  const pane = {
    datasource: TEMPO.uid,
    queries: [{ refId: 'A', datasource: TEMPO, queryType: 'traceql', query, limit: 20, tableType: 'traces' }],
    range: { from: 'FROM', to: 'TO' },
  }
  // Grafana fills the variables in, which must not be encoded.
  const panes = encodeURIComponent(JSON.stringify({ trc: pane }))
    .replace('FROM', '$' + '{__from}')
    .replace('TO', '$' + '{__to}')
  return new DashboardLinkBuilder('Traces of this time')
    .type(DashboardLinkType.Link)
    .url(`/explore?schemaVersion=1&orgId=1&panes=${panes}`)
    .targetBlank(true)
}
