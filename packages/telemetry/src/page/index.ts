export { type DocumentOptions, documentOf, type PageParts } from './document.ts'
export { HATCH } from './hatch.ts'
export { type Content, Html, html } from './html.ts'
