/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

export type Content = Html | string | number | readonly Content[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Markup from a template: whatever is put in is escaped, unless it is markup already. Attributes must be quoted, and
 * nothing from outside may go into a URL's scheme, a style or a script.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Content[]): Html {
  return new Html(strings.map((text, index) => text + markupOf(parts[index] ?? '')).join(''))
}

function markupOf(content: Content): string {
  if (content instanceof Html) return content.markup
  if (typeof content === 'string') return content.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
  if (typeof content === 'number') return String(content)
  return content.map(markupOf).join('')
}
