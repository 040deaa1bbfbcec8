import { readFileSync } from 'node:fs'
import { type Content, documentOf } from '@chaos-kitchen/telemetry/html'

const style = readFileSync(new URL('./report.css', import.meta.url), 'utf8')

/** A page about runs: the common form, and what its charts need. */
export function reportDocument(title: string, ...content: Content[]): string {
  return documentOf({ title, style }, ...content)
}
