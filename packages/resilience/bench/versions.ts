import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The version of a library that is measured, as installed. */
export function versionOf(name: string): string {
  const file = join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
  const manifest: { version: string } = JSON.parse(readFileSync(file, 'utf8'))
  return manifest.version
}
