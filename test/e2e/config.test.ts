import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loglake } from './program.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-config-show-')))
afterAll(() => rmSync(root, { recursive: true }))

const YAML = `
variables:
  REGION: eu-central-1
  HEC_TOKEN: "\${HEC_TOKEN_OF_MINE}"
sources:
  trail:
    type: s3-queue
    queue: https://sqs.\${REGION}.amazonaws.com/111122223333/q
    identity: {external_id: "\${file:external-id}"}
`

it('shows sources with their variables filled in, and no secret', async () => {
  writeFileSync(join(root, 'loglake.yaml'), YAML)
  writeFileSync(join(root, 'external-id'), 'swordfish\n')
  const env = { HEC_TOKEN_OF_MINE: 'hunter2' }
  for (const form of [[], ['--json']]) {
    const { out, code } = await loglake(['config', 'show', ...form], { cwd: root, env })
    expect(code).toBe(0)
    expect(out).toContain('https://sqs.eu-central-1.amazonaws.com/111122223333/q')
    expect(out).toMatch(/sources\.trail\.identity\.external_id"?,?\s+("value": ")?\*\*\*/)
    expect(out).toMatch(/variables\.HEC_TOKEN"?,?\s+("value": ")?\*\*\*/)
    expect(out).toContain('loglake.yaml:8')
    expect(out).not.toMatch(/hunter2|swordfish/)
  }
})

it('says which variable is not set, and where', async () => {
  writeFileSync(join(root, 'loglake.yaml'), YAML)
  const { code, err } = await loglake(['run'], { cwd: root })
  expect(code).toBe(2)
  expect(err).toMatch(/loglake\.yaml:4: variables\.HEC_TOKEN: there is no variable HEC_TOKEN_OF_MINE/)
})
