import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Moto } from './moto.ts'

export type Call = readonly [service: string, method: string, args: Record<string, unknown>]

/** Bytes as an argument of a call. */
export function bytes(content: Uint8Array | string): object {
  return { $bytes: Buffer.from(content).toString('base64') }
}

interface Caller {
  // biome-ignore lint/suspicious/noExplicitAny: answers are boto3's, of any shape
  call(calls: readonly Call[]): Promise<any[]>
}

/** By environment. boto3 takes longer to start than to call: it is kept running. */
const callers = new Map<string, Caller>()

/** Calls boto3 in a process of its own: what it puts and sends is none of our client's doing. */
// biome-ignore lint/suspicious/noExplicitAny: answers are boto3's, of any shape
export async function boto(moto: Pick<Moto, 'env'>, calls: readonly Call[]): Promise<any[]> {
  const env = { ...process.env, ...moto.env }
  const key = JSON.stringify(env)
  let caller = callers.get(key)
  if (!caller) {
    caller = startCaller(env)
    callers.set(key, caller)
  }
  return await caller.call(calls)
}

function startCaller(env: NodeJS.ProcessEnv): Caller {
  const child = spawn(resolve('.venv/bin/python'), [new URL('./call.py', import.meta.url).pathname], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // It ends with its input, when this process does.
  for (const one of [child, child.stdin as Socket, child.stdout as Socket]) one.unref()
  const waiting: { done(answers: unknown[]): void; failed(why: Error): void }[] = []
  let over: Error | undefined
  const end = (why: Error) => {
    over ??= why
    for (const { failed } of waiting.splice(0)) failed(over)
  }
  child.on('error', end)
  child.on('close', (code) => end(new Error(`boto3 ended with ${code}`)))
  child.stdin.on('error', end)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line)
    const first = waiting.shift()
    if (Array.isArray(said)) first?.done(said)
    else first?.failed(new Error(said))
  })
  return {
    call: (calls) =>
      new Promise((done, failed) => {
        if (over) return void failed(over)
        waiting.push({ done, failed })
        child.stdin.write(`${JSON.stringify(calls)}\n`)
      }),
  }
}
