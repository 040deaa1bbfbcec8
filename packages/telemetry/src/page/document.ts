import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Content, Html, html } from './html.ts'

/** Colours, type and tables of every page. */
const base = readFileSync(new URL('./base.css', import.meta.url), 'utf8')

/** What a kind of page has of its own. */
export interface PageParts {
  /** Style sheet on top of the common one. */
  readonly style?: string
  /** Source of the page's only script. */
  readonly script?: string
  /** Whether that script may talk to the server that the page came from; false by default. */
  readonly connects?: boolean
}

export interface DocumentOptions extends PageParts {
  readonly title: string
  /** Seconds after which the page loads itself again; absent: never. */
  readonly refresh?: number
}

/**
 * A whole page, self-contained: it can be saved, printed and opened without a network. Its policy lets it load nothing
 * and run nothing but its own script, whatever an order, a span or a person is called.
 */
export function documentOf({ title, refresh, ...parts }: DocumentOptions, ...content: Content[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(sheetOf(parts))}</style>
</head>
<body>
${content}
${parts.script === undefined ? '' : html`<script>${new Html(parts.script)}</script>`}
</body>
</html>
`.markup
}

/** The Content-Security-Policy of such a page; a server can say it as a header, too. */
export function policyOf(parts: PageParts): string {
  const { script, connects = false } = parts
  return [
    "default-src 'none'",
    `style-src 'sha256-${digest(sheetOf(parts))}'`,
    ...(script === undefined ? [] : [`script-src 'sha256-${digest(script)}'`]),
    ...(connects ? ["connect-src 'self'"] : []),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function sheetOf({ style = '' }: PageParts): string {
  return base + style
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
