import { defineConfig } from 'vitest/config'

/** What needs an emulator of AWS, which has to be installed first. */
export default defineConfig({
  test: {
    include: ['test/emulator/*.test.ts'],
    // Each file has an emulator and processes of its own: one file after the other on a small machine.
    fileParallelism: false,
    // Trials that say so run side by side: mostly they wait.
    maxConcurrency: 4,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
