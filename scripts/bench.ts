/** `pnpm bench NAME`: runs packages/*\/bench/main.ts of that package, with the arguments that follow. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGES: Record<string, string> = {
  resilience: 'resilience',
  proxy: 'chaos-proxy',
  workshop: 'client',
}

const [name = '', ...rest] = process.argv.slice(2)
const folder = PACKAGES[name]
const main = folder === undefined ? '' : join(import.meta.dirname, '..', 'packages', folder, 'bench', 'main.ts')
if (!existsSync(main)) {
  console.error(`There is no benchmark named "${name}". Choose one of: ${Object.keys(PACKAGES).join(', ')}`)
  process.exit(2)
}
process.exitCode = spawnSync(process.execPath, ['--expose-gc', main, ...rest], { stdio: 'inherit' }).status ?? 1
