import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Content, Html, html } from './html.ts'

const style = readFileSync(new URL('./page.css', import.meta.url), 'utf8')
const script = readFileSync(new URL('./choose-span.js', import.meta.url), 'utf8')

/** The page loads nothing and runs only what is in this folder, whatever a span is called. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${digest(style)}'`,
  `script-src 'sha256-${digest(script)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface DocumentOptions {
  title: string
  /** Seconds after which the page loads itself again; absent: never. */
  refresh?: number
}

/** A whole page, self-contained: it can be saved, printed and opened without a network. */
export function documentOf({ title, refresh }: DocumentOptions, ...content: Content[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
${content}
<script>${new Html(script)}</script>
</body>
</html>
`.markup
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
