import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Content, Html, html } from '@chaos-kitchen/telemetry/html'

const style = readFileSync(new URL('./page.css', import.meta.url), 'utf8')

export interface DocumentOptions {
  readonly title: string
  /** Source of the page's only script. */
  readonly script?: string
  /** Whether that script may talk to the server that the page came from; false by default. */
  readonly connects?: boolean
}

/**
 * A whole page, self-contained: it can be saved, printed and opened without a network. Its policy lets it load nothing
 * and run nothing but its own script, whatever an order or a person is called.
 */
export function documentOf({ title, script, connects = false }: DocumentOptions, ...content: Content[]): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${digest(style)}'`,
    ...(script === undefined ? [] : [`script-src 'sha256-${digest(script)}'`]),
    ...(connects ? ["connect-src 'self'"] : []),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
${content}
${script === undefined ? '' : html`<script>${new Html(script)}</script>`}
</body>
</html>
`.markup
}

/** A link, where the address is one of the web; its text alone otherwise. */
export function link(address: string | null, text: string, label = text): Html {
  return address !== null && /^https?:\/\//.test(address)
    ? html`<a href="${address}" aria-label="${label}">${text}</a>`
    : html`${text}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
