import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** One project a package, so that `vitest --project resilience` runs one alone. */
const folders = ['packages', 'services'].flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}`))

export default defineConfig({
  test: {
    projects: [...folders, 'tests'].map((root) => ({
      test: {
        name: root.split('/').at(-1) ?? root,
        root,
        include: [root === 'tests' ? '**/*.test.ts' : 'test/**/*.test.ts'],
        testTimeout: 30_000,
        hookTimeout: 60_000,
        maxWorkers: 3,
        pool: 'forks',
      },
    })),
  },
})
