import { configDefaults, defineConfig } from 'vitest/config'

/** The long form of the fault tests, unless a short one is asked for. */
const form = process.env.LOGLAKE_FAULTS ?? 'full'
const TRINO = 'test/interop/engines.test.ts'
/** Tries that a failed test has beside its first: test/tried-again.ts lists who needed one. */
const retry = process.env.CI === 'true' ? 1 : 0

/**
 * Each kind of test is a project. `npm test` runs the first; what needs more than the package (an emulator of AWS, Python,
 * Spark, a browser) or more time has a command of its own: `npm run test:faults`, and so on.
 */
export default defineConfig({
  test: {
    // A test waits for the disk as often as it works: every processor has one.
    maxWorkers: '100%',
    reporters: ['default', './test/tried-again.ts'],
    projects: [
      {
        test: {
          name: 'package',
          retry,
          include: ['src', 'test', 'bench', 'samples', 'web'].map((folder) => `${folder}/**/*.test.ts`),
          exclude: [
            ...configDefaults.exclude,
            ...['faults', 'interop', 'emulator', 'browser'].map((kind) => `test/${kind}/**`),
          ],
          globalSetup: 'test/made-once.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // One file after the other, since each keeps the machine busy. Trials that say so run side by side: mostly they wait.
        test: {
          name: 'faults',
          retry,
          include: [
            'test/faults/*.test.ts',
            'test/fuzz/*.test.ts',
            // In their short form, those that need an emulator are among the tests of it.
            ...(form === 'full'
              ? ['s3-queue-faults', 'writers', 'least-privilege'].map(
                  (name) => `test/emulator/${name}.test.ts`,
                )
              : []),
          ],
          env: { LOGLAKE_FAULTS: form },
          fileParallelism: false,
          maxConcurrency: 4,
          testTimeout: 400_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Other programs read the lake's tables: they are slow to start, and have to be installed first.
        test: {
          name: 'interop',
          retry,
          include: ['test/interop/*.test.ts'],
          exclude: [...configDefaults.exclude, TRINO],
          globalSetup: 'test/made-once.ts',
          // A Spark takes two gigabytes.
          maxWorkers: 2,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        // A server of its own, 821 MB to fetch once.
        test: { name: 'trino', retry, include: [TRINO], testTimeout: 600_000, hookTimeout: 600_000 },
      },
      {
        // Each file has an emulator of AWS and processes of its own, which mostly wait for each other.
        test: {
          name: 'emulator',
          retry,
          include: ['test/emulator/*.test.ts'],
          maxConcurrency: 4,
          testTimeout: 400_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Pages in a real browser, of a real server: test/browser/setup.sh installs the browser.
        test: {
          name: 'browser',
          retry,
          include: ['test/browser/*.test.ts'],
          globalSetup: 'test/made-once.ts',
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
