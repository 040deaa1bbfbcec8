import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, Package } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import manifest from '../../package.json' with { type: 'json' }

/** The package is for ES modules: how a CommonJS program or a resolution from before `exports` sees it does not count. */
const NOT_FOR = ['node10', 'node16-cjs']

/** What publint and attw (profile esm-only) find wrong with a package in a folder; nothing is ignored. */
export async function lintPackage(folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, level: 'suggestion', strict: true, pack: false })
  const found = messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`)
  const { name, version } = manifest
  const analysis = await checkPackage(new Package(filesOf(folder), name, version))
  if (!analysis.types) return [...found, 'attw: no types']
  for (const problem of analysis.problems)
    if (!('resolutionKind' in problem && NOT_FOR.includes(problem.resolutionKind)))
      found.push(`attw: ${JSON.stringify(problem)}`)
  return found
}

function filesOf(folder: string): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const inside = path.slice(folder.length).replaceAll('\\', '/')
    files[`/node_modules/${manifest.name}${inside}`] = readFileSync(path)
  }
  return files
}
