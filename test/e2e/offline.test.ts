import { expect, it } from 'vitest'
import { loglake } from './program.ts'

/** Node tells each module that it loads; the SDK lies in node_modules. */
const loadsSdk = async (...args: string[]) => {
  const { err } = await loglake(args, {
    env: {
      NODE_DEBUG: 'module',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_PROFILE: 'none',
      AWS_REGION: 'eu-central-1',
    },
  })
  expect(err).toMatch(/^MODULE \d+: load built-in module/m)
  return /node_modules\/@aws-sdk/.test(err)
}

it("loads AWS's SDK for what is on AWS, and for nothing else", async () => {
  expect(await loadsSdk('--help')).toBe(false)
  expect(await loadsSdk('tables', '--lake', '/nonexistent/lake')).toBe(false)
  expect(await loadsSdk('config', 'show', '--lake', 's3://example-lake/audit')).toBe(false)
  expect(await loadsSdk('tables', '--lake', 's3://example-lake/audit')).toBe(true)
})
