import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** The AWS CLI itself, kept running: what the doctor prints is run as it stands. */
export interface AwsCli {
  /** Runs a command as a shell would, and throws what it says when it fails. */
  run(command: string): Promise<string>
  stop(): Promise<void>
}

export function startAwsCli(env: Record<string, string>): AwsCli {
  const child: ChildProcess = spawn(resolve('.venv/bin/python'), ['test/emulator/run_awscli.py'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env, AWS_PAGER: '' },
  })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  return {
    async run(command) {
      child.stdin?.write(`${JSON.stringify(command)}\n`)
      const { value } = await lines.next()
      const { rc, out, err } = JSON.parse(String(value)) as { rc: number; out: string; err: string }
      if (rc !== 0) throw new Error(`${command}\n${err || out}`)
      return out
    },
    async stop() {
      const gone = once(child, 'exit')
      child.stdin?.end()
      await gone
    },
  }
}
