import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, freshFolder, loglake, SAMPLES } from './program.ts'

const root = freshFolder()
const server = createServer((_, response) => {
  response.writeHead(403, { 'content-type': 'application/json' }).end('{"__type":"AccessDenied"}')
})

/** What must be in no output: each setting's secret. A quote and a sign that URLs spell otherwise are in each. */
const secrets: string[] = []

/** A setting whose text has a secret in it. */
function secret(name: string, before = '', after = ''): string {
  const value = `s3cr3t-${name}-O'k&y`
  secrets.push(value)
  writeFileSync(join(root, name), `${value}\n`)
  return JSON.stringify(`${before}\${file:${name}}${after}`)
}

/** How a secret may be spelled where it leaves. */
function spellings(value: string): string[] {
  return [
    value,
    value.toLowerCase(),
    encodeURIComponent(value),
    encodeURI(value),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64url'),
    value.slice(0, 'xs3cr3t-xx'.length + 2),
  ]
}

function expectSecrecy(what: string, ...texts: string[]): void {
  const text = texts.join('\n').toLowerCase()
  for (const value of secrets)
    for (const spelling of spellings(value))
      expect(text.includes(spelling.toLowerCase()), `${what}: ${spelling}\n${text.slice(0, 2000)}`).toBe(
        false,
      )
}

const env = {
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_REGION: 'us-east-1',
  MY_TOKEN: "s3cr3t-TOKEN-O'k&y",
  AWS_MAX_ATTEMPTS: '1',
}
secrets.push(env.MY_TOKEN)

async function told(args: string[]): Promise<Ended> {
  return await loglake(args, { cwd: root, env })
}

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  mkdirSync(join(root, "logs-s3cr3t-paths-O'k&y"))
  writeFileSync(join(root, "logs-s3cr3t-paths-O'k&y", 'a.json'), 'no JSON')
  writeFileSync(
    join(root, 'loglake.yaml'),
    `lake: ${secret('lake', './')}
storage: {kms_key: ${secret('kms')}, cache: {folder: ${secret('cache', './')}}, identity: {external_id: ${secret('external')}}}
ingest: {exclude: [${secret('exclude')}]}
sources:
  files: {type: folder, paths: [${secret('paths', './logs-')}], watch: false}
  token: {type: folder, paths: ["./\${MY_TOKEN}"], watch: false}
  queue: {type: s3-queue, queue: ${secret('queue', `${endpoint}/111122223333/`)}, identity: {endpoint: "${endpoint}", region: us-east-1, external_id: ${secret('other')}}}
  bucket: {type: s3, bucket: example-logs, prefix: ${secret('prefix')}, identity: {endpoint: "${endpoint}"}}
  groups: {type: cloudwatch-logs, groups: [${secret('group')}], identity: {endpoint: "${endpoint}"}}
run: {port: 0}
`,
  )
})
afterAll(() => server.close())

describe('what comes from files and secret variables is in no output', () => {
  it('of a command that works on the lake', async () => {
    expectSecrecy(
      'config',
      readFileSync(join(root, 'loglake.yaml'), 'utf8').replaceAll(/\$\{file:\w+\}/g, ''),
    )
    const commands = [
      ['config', 'show'],
      ['config', 'show', '--json'],
      ['query', 'select 1'],
      ['ingest', SAMPLES],
      ['ingest', "./logs-s3cr3t-paths-O'k&y"],
      ['ingest', "./s3cr3t-TOKEN-O'k&y"],
      ['tables'],
      ['describe', 'cloudtrail'],
      ['objects', '--limit', '3', '--format', 'csv'],
      ['rejects', '--format', 'ndjson'],
      ['query', "select 's3cr3t-' || 'group-O''k&y' as x", '--format', 'ndjson'],
      ['query', 'select "s3cr3t-lake-O\'k&y" from cloudtrail'],
      ['stop', 'files'],
      ['stop'],
      ['resume', 'files'],
      ['stop', "s3cr3t-queue-O'k&y"],
      ['status'],
      ['status', '--json'],
      ['compact'],
      ['vacuum'],
      ['verify'],
    ]
    const codes: (number | null)[] = []
    for (const command of commands) {
      const { code, out, err } = await told(command)
      expectSecrecy(command.join(' ').replaceAll(/s3cr3t\S*/g, '…'), out, err)
      codes.push(code)
    }
    // They have done something: nothing is proven by commands that were refused.
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(14)
  }, 240_000)

  it('of a run that fills it, nor of its metrics and health', async () => {
    const served: string[] = []
    const { out, err } = await loglake(['run'], {
      cwd: root,
      env,
      started(child) {
        let text = ''
        child.stderr?.on('data', (part: Buffer) => {
          text += String(part)
          const port = /"port":(\d+)/.exec(text)?.[1]
          if (port === undefined || served.length > 0) return
          served.push('')
          void (async () => {
            await wait(4000)
            for (const path of ['metrics', 'readyz', 'healthz'])
              served.push(await (await fetch(`http://127.0.0.1:${port}/${path}`)).text())
            child.kill('SIGTERM')
          })()
        })
        setTimeout(() => child.kill('SIGTERM'), 40_000).unref()
      },
    })
    expectSecrecy('run', out, err, ...served)
    expect(err).toContain('"source":"queue"')
    expect(err).toContain('***')
  }, 90_000)

  it('of a configuration that is wrong', async () => {
    const file = join(root, 'wrong.yaml')
    for (const text of [
      `lake: ${secret('wrong', 's4://')}\n`,
      `query: {format: ${secret('format')}}\n`,
      `sources: {x: {type: s3-queue, queue: ${secret('url')}}}\n`,
      `sources: {x: {type: ${secret('type')}}}\n`,
      `prices: ${secret('prices', './')}\n`,
      `views: ${secret('views', './')}\n`,
      `logtypes: ${secret('types', './')}\n`,
    ]) {
      writeFileSync(file, text)
      const { code, out, err } = await told(['query', 'select * from model_usage', '--config', file])
      expect(code).not.toBe(0)
      expectSecrecy(text, out, err)
    }
  }, 60_000)
})
