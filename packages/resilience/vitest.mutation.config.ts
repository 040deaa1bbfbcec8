import { defineConfig } from 'vitest/config'

/** For `stryker run`: the tests that need neither a server nor a database, nor measure anything. */
export default defineConfig({
  test: {
    include: [
      'test/{pipeline,policies,models,hazards,options,windows,world,outcome,deadline}/**/*.test.ts',
      'test/{registry,errors}.test.ts',
    ],
    exclude: ['test/world/system-world.test.ts'],
    testTimeout: 30_000,
  },
})
