import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'samples/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/interop/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
