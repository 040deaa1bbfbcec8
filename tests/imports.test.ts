import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Imports run one way. Each folder names what it may import of this repository; whoever needs more changes the
 * floor plan in docs/architecture.md first.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'packages/resilience': [],
  'packages/chaos-proxy': [],
  'packages/disruptor': [],
  'packages/telemetry': [],
  'packages/service': ['telemetry'],
  'packages/kitchen': ['disruptor', 'chaos-proxy', 'telemetry'],
  'packages/client': ['kitchen', 'disruptor', 'telemetry', 'resilience'],
  'services/order': ['service', 'resilience', 'telemetry'],
  'services/menu': ['service', 'resilience', 'telemetry'],
  'services/loyalty': ['service', 'resilience', 'telemetry'],
  exercises: ['order-service', 'resilience'],
  solutions: ['order-service', 'resilience'],
}

const root = join(import.meta.dirname, '..')
const IMPORT = /(?:from\s+|import\s+|import\()\s*['"]([^'"]+)['"]/g

test.each(Object.entries(MAY_IMPORT))('%s imports only what the floor plan allows', (folder, allowed) => {
  const wrong: string[] = []
  for (const file of sourceFiles(join(root, folder))) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const other = /^@chaos-kitchen\/([^/]+)/.exec(specifier)?.[1]
      const own = folder.split('/').at(-1)
      if (other !== undefined && other !== own && !allowed.includes(other)) wrong.push(`${file}: ${specifier}`)
      if (specifier.startsWith('.') && !join(file, '..', specifier).startsWith(join(root, folder)))
        wrong.push(`${file}: ${specifier} leaves its package`)
    }
  }
  expect(wrong).toEqual([])
})

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/node_modules|[\\/]dist[\\/]|[\\/]test[\\/]|[\\/]bench[\\/]/.test(file.slice(root.length)))
}
