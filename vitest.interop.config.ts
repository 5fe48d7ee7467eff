import { defineConfig } from 'vitest/config'

/** Other programs read the lake's tables: they are slow to start, and have to be installed first. */
export default defineConfig({
  test: {
    include: ['test/interop/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
