import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }

export const root = join(import.meta.dirname, '..', '..')

/** The compiler of the workspace. */
export const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

/** The package as it is published, but as a folder: built, with the manifest that `pnpm pack` writes. */
export function buildPackage(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')]
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The package does not compile:\n${stdout}`)
  for (const file of ['README.md', 'docs']) cpSync(join(root, file), join(folder, file), { recursive: true })
  cpSync(join(root, '..', '..', 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify(publishedManifest(), null, 2))
}

export function publishedManifest(): object {
  const { publishConfig, devDependencies: _tools, scripts: _scripts, ...kept } = manifest
  const { access: _access, ...overrides } = publishConfig
  return { ...kept, ...overrides }
}
