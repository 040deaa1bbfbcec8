import { readFileSync } from 'node:fs'
import { documentOf, policyOf } from './document.ts'
import type { Content } from './html.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const parts = { style: read('./waterfall.css'), script: read('./choose-span.js') }

/** As a header, which alone can keep a page out of other pages' frames. */
export const CONTENT_SECURITY_POLICY = `${policyOf(parts)}; frame-ancestors 'none'`

/** A page that the collector serves. */
export function collectorPage(options: { title: string; refresh?: number }, ...content: Content[]): string {
  return documentOf({ ...parts, ...options }, ...content)
}
