import type { Reporter, TestModule } from 'vitest/node'

/**
 * Lists the tests that passed only at a second try. CI gives a failed test one more, since its machines are shared and a
 * process of a test can be starved; a test that needs it often has a fault, which this list keeps in sight.
 */
export default class TriedAgain implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const again = modules.flatMap(({ relativeModuleId, children }) =>
      [...children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map(
          (test) =>
            `  ${relativeModuleId}: ${test.fullName}\n    ${test.result().errors?.[0]?.message ?? ''}`,
        ),
    )
    if (again.length > 0) process.stdout.write(`Passed only at a second try:\n${again.join('\n')}\n`)
  }
}
