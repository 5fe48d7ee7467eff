import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'samples/**/*.test.ts'],
    // These have commands of their own: npm run test:faults, test:interop, test:emulator.
    exclude: [...configDefaults.exclude, 'test/faults/**', 'test/interop/**', 'test/emulator/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
