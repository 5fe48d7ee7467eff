import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Identity } from '../../src/aws/identity.ts'

/** ministack: a second emulator, which makes of a template what it says. On a free loopback port, empty when it starts. */
export interface Ministack {
  endpoint: string
  identity: Identity
  env: Record<string, string>
  stop(): Promise<void>
}

const PROGRAM = resolve('.venv-account/bin/ministack')
const REGION = 'eu-central-1'

/** Credentials of its root: those that it is told of as its own. */
const ENV = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/**
 * Everybody may everything: policies are kept, and not held to, unless `AUTH` is `true`. With `USE_SSL` it speaks TLS alone, with a
 * certificate that it has made itself.
 *
 * @param more variables of the environment that it reads
 */
export async function startMinistack(more: Record<string, string> = {}): Promise<Ministack> {
  if (!existsSync(PROGRAM))
    throw new Error('ministack is not installed: `bash test/account/setup.sh` does it')
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'loglake-ministack-'))
  const child = spawn(PROGRAM, [], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      TMPDIR: folder,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      EDGE_PORT: String(port),
      LOG_LEVEL: 'WARNING',
      ...more,
    },
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString()
  })
  const endpoint = `${more.USE_SSL ? 'https' : 'http'}://127.0.0.1:${port}`
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}\n${said}`)
    await wait(100)
  }
  Object.assign(process.env, ENV)
  delete process.env.AWS_PROFILE
  delete process.env.AWS_SESSION_TOKEN
  delete process.env.AWS_ENDPOINT_URL
  return {
    endpoint,
    identity: { endpoint, region: REGION },
    env: { ...ENV, AWS_ENDPOINT_URL: endpoint },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(endpoint: string): Promise<boolean> {
  const health = `${endpoint}/_ministack/health`
  if (endpoint.startsWith('https:'))
    return await new Promise((told) => {
      get(health, { rejectUnauthorized: false }, (response) => {
        response.resume()
        told(response.statusCode === 200)
      }).on('error', () => told(false))
    })
  return await fetch(health).then(
    ({ ok }) => ok,
    () => false,
  )
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}
