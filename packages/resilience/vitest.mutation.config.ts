import { defineConfig } from 'vitest/config'

/**
 * For `stryker run`: the tests that need neither a server nor a database, nor measure anything. `MUTATED=cache,coalesce`
 * runs those whose file names say so, which is what makes mutants of one policy quick.
 */
const named = process.env.MUTATED?.split(',')

export default defineConfig({
  test: {
    include: named?.map((name) => `test/**/*${name}*.test.ts`) ?? [
      'test/{pipeline,policies,models,hazards,options,outcome,windows,world,deadline}/**/*.test.ts',
      'test/{registry,errors}.test.ts',
    ],
    exclude: ['test/adapters/**', 'test/world/system-world.test.ts'],
    testTimeout: 30_000,
    // One worker for all files of a run: starting one for each takes five times as long as the tests.
    isolate: false,
  },
})
