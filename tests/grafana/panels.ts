import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const FOLDER = join(import.meta.dirname, '../../lgtm')

export interface Panel {
  id: number
  type: string
  title: string
  description?: string
  datasource?: { uid: string }
  interval?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { refId: string; expr?: string; query?: string; legendFormat?: string; datasource?: { uid: string } }[]
}

export interface DashboardFile {
  file: string
  uid: string
  title: string
  panels: Panel[]
  annotations: { list: { datasource: { uid: string }; target?: { tags: string[] } }[] }
  links: { type: string; tags: string[] }[]
  tags: string[]
}

/** As Grafana reads them. */
export function committedDashboards(): DashboardFile[] {
  return readdirSync(join(FOLDER, 'dashboards'))
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(FOLDER, 'dashboards', file), 'utf8')) }))
}

export interface PanelQuery {
  where: string
  expr: string
  legend: string
}

export function prometheusQueries(): PanelQuery[] {
  return committedDashboards().flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      (panel.targets ?? []).flatMap(({ refId, expr, legendFormat: legend = '' }) =>
        expr === undefined ? [] : [{ where: `${title} / ${panel.title} / ${refId}`, expr, legend }],
      ),
    ),
  )
}
