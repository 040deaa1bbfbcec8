import { html } from './html.ts'

/** The pattern of faults, for `.band`; once a page. */
export const HATCH = html`<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<line class="stripe" x1="0" x2="0" y1="0" y2="6" stroke-width="2.5"/></pattern></defs></svg>`
