import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'samples/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
