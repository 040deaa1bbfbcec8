import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard'

/** Data sources by the UIDs of datasources.yaml. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: 'prometheus' }
export const TEMPO: DataSourceRef = { type: 'tempo', uid: 'tempo' }
/** Grafana's own: annotations. */
export const GRAFANA: DataSourceRef = { type: 'grafana', uid: '-- Grafana --' }

/** Folder-free links between the dashboards need their UIDs. */
export const UIDS = {
  restaurant: 'chaos-kitchen-restaurant',
  resilience: 'chaos-kitchen-resilience',
  database: 'chaos-kitchen-database',
  battery: 'chaos-kitchen-battery',
} as const
