import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Moto } from './moto.ts'

const PYTHON = resolve('.venv/bin/python')

/** Runs a Python script of this folder against the emulator: a client that is not ours. Its output is JSON. */
export async function python<Answer>(moto: Moto, script: string, ...args: string[]): Promise<Answer> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const { stdout } = await promisify(execFile)(PYTHON, ['-B', file, ...args], {
    env: { ...process.env, ...moto.env },
    maxBuffer: 1 << 26,
  })
  return JSON.parse(stdout) as Answer
}
