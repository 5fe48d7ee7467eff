import { defineConfig } from 'vitest/config'

/** The long form of the fault tests: one file after the other, since each keeps the machine busy. */
export default defineConfig({
  test: {
    include: ['test/faults/*.test.ts'],
    env: { LOGLAKE_FAULTS: process.env.LOGLAKE_FAULTS ?? 'full' },
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
