import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'samples/**/*.test.ts'],
    // The slow ones have commands of their own: npm run test:faults, npm run test:interop.
    exclude: [...configDefaults.exclude, 'test/faults/**', 'test/interop/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
