import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Identity } from '../../src/aws/identity.ts'

/** moto's server: what stands in for AWS. A process of its own on a free loopback port, empty when it starts. */
export interface Moto {
  endpoint: string
  /** What a source or a lake is configured with to reach it. */
  identity: Identity
  /** What a process needs in its environment to reach it: loglake, the AWS CLI and boto3 all know these names. */
  env: Record<string, string>
  stop(): Promise<void>
}

const PROGRAM = new URL('./serve_moto.py', import.meta.url).pathname
const INSTALLED = resolve('.venv/bin/moto_server')
const PYTHON = resolve('.venv/bin/python')
const START_MS = 30_000

/** Credentials that moto takes for account 123456789012's own. */
const ENV = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_REGION: 'eu-central-1',
  AWS_DEFAULT_REGION: 'eu-central-1',
  // Nothing of the machine's own configuration gets in.
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
}

interface HowToStart {
  env?: Record<string, string>
  /** A Python program that runs the server. */
  program?: string
}

/** Starts moto's server, and makes this process one that reaches it too. */
export async function startMoto({ env: more, program = PROGRAM }: HowToStart = {}): Promise<Moto> {
  if (!existsSync(INSTALLED)) throw new Error('moto is not installed: `npm run test:emulator` does it')
  const child = spawn(PYTHON, [program, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...more },
  })
  const endpoint = await addressOf(child)
  const env = { ...ENV, AWS_ENDPOINT_URL: endpoint }
  const { AWS_ENDPOINT_URL: _, ...own } = env
  Object.assign(process.env, own)
  delete process.env.AWS_PROFILE
  delete process.env.AWS_SESSION_TOKEN
  return {
    endpoint,
    identity: { endpoint, region: ENV.AWS_REGION },
    env,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Its first lines tell the port. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let told = ''
    const late = setTimeout(() => fail('is not there after 30 s'), START_MS)
    function fail(why: string): void {
      clearTimeout(late)
      child.kill('SIGKILL')
      failed(new Error(`moto ${why}\n${told}`))
    }
    child.on('error', (thrown) => fail(thrown.message))
    child.on('exit', (code) => fail(`ended with ${code}`))
    child.stderr?.on('data', (chunk: Buffer) => {
      if (told.length > 10_000) return
      told += chunk.toString()
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(told)?.[1]
      if (!address) return
      clearTimeout(late)
      told = ' '.repeat(10_001)
      found(address)
    })
  })
}
