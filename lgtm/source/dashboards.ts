import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { battery } from './battery.ts'
import { database } from './database.ts'
import { resilience } from './resilience.ts'
import { restaurant } from './restaurant.ts'

/** File name in lgtm/dashboards, and what it holds. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  return new Map(
    Object.entries({ restaurant, resilience, database, battery }).map(([name, make]) => [
      `${name}.json`,
      make().build(),
    ]),
  )
}

export function toJson(dashboard: Dashboard): string {
  // Links to a panel, and annotations on one, need its number.
  const panels = dashboard.panels?.map((panel, index) => ({ ...panel, id: index + 1 }))
  return `${JSON.stringify({ ...dashboard, panels }, undefined, 2)}\n`
}
