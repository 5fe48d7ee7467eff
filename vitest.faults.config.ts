import { defineConfig } from 'vitest/config'

const form = process.env.LOGLAKE_FAULTS ?? 'full'

/** The long form of the fault tests: one file after the other, since each keeps the machine busy. */
export default defineConfig({
  test: {
    // In their short form, those that need an emulator are among the tests of it.
    include: [
      'test/faults/*.test.ts',
      ...(form === 'full' ? ['test/emulator/s3-queue-faults.test.ts', 'test/emulator/writers.test.ts'] : []),
    ],
    env: { LOGLAKE_FAULTS: form },
    fileParallelism: false,
    // Trials that say so run side by side: mostly they wait.
    maxConcurrency: 4,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
