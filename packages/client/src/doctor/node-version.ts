import type { Check } from './check.ts'

const NEEDED = [24, 11] as const

/** TypeScript runs as it is, and traces need the loader hooks of 24.11. */
export const nodeVersion: Check = {
  name: 'Node',
  async run() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    const ok = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
    return {
      ok,
      found: `${process.versions.node}${ok ? '' : `, ${NEEDED.join('.')} or later is needed`}`,
      ...(!ok && { remedy: ['npx --yes pnpm@12 install    brings its own Node; then use pnpm workshop'] }),
    }
  },
}
