import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dashboards, toJson } from './dashboards.ts'

/** Writes the dashboards anew: `pnpm dashboards`. */
const folder = join(import.meta.dirname, '../dashboards')
mkdirSync(folder, { recursive: true })
for (const [file, dashboard] of dashboards()) {
  writeFileSync(join(folder, file), toJson(dashboard))
  console.log(`lgtm/dashboards/${file}`)
}
