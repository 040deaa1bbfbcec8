import { styleText } from 'node:util'

export interface Paint {
  strong(text: string): string
  quiet(text: string): string
  failed(text: string): string
  accent(text: string): string
}

type Style = Parameters<typeof styleText>[0]

/** One accent, red for what failed, grey for the rest; without colour the text as it is. */
export function painter(colour: boolean): Paint {
  const paint = (style: Style) => (text: string) =>
    colour && text !== '' ? styleText(style, text, { validateStream: false }) : text
  return { strong: paint('bold'), quiet: paint('gray'), failed: paint('red'), accent: paint('cyan') }
}
