import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Moto } from './moto.ts'

export type Call = readonly [service: string, method: string, args: Record<string, unknown>]

/** Bytes as an argument of a call. */
export function bytes(content: Uint8Array | string): object {
  return { $bytes: Buffer.from(content).toString('base64') }
}

/** Calls boto3 in a process of its own: what it puts and sends is none of our client's doing. */
// biome-ignore lint/suspicious/noExplicitAny: answers are boto3's, of any shape
export async function boto(moto: Moto, calls: readonly Call[]): Promise<any[]> {
  const child = spawn(resolve('.venv/bin/python'), [new URL('./call.py', import.meta.url).pathname], {
    env: { ...process.env, ...moto.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.stdin.end(JSON.stringify(calls))
  return await new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => (code === 0 ? done(JSON.parse(output)) : failed(new Error(errors))))
  })
}
