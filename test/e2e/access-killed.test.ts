import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder, loglake, PROGRAM } from './program.ts'

const CALLS = 7

/** A server of the lake, as far as its address. */
async function serve(lake: string) {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--lake', lake], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [told] = (await once(child.stdout, 'data')) as [Buffer]
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return { url: told.toString().trim(), end }
}

it('a server that is killed loses no line of the access log', { timeout: 240_000 }, async () => {
  const lake = join(freshFolder(), 'lake')
  await loglake(['ingest', ALL_SAMPLES, '--lake', lake])
  const killed = await serve(lake)
  for (let at = 0; at < CALLS; at++)
    expect((await fetch(`${killed.url}api/find?text=killed-${at}`)).status).toBe(200)
  await killed.end('SIGKILL')
  const next = await serve(lake)
  try {
    const answer = await fetch(`${next.url}api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        sql: "select count(*)::int from access_log where operation = 'find' and contains(input, 'killed-')",
      }),
    })
    expect(((await answer.json()) as { rows: number[][] }).rows).toEqual([[CALLS]])
  } finally {
    await next.end('SIGTERM')
  }
})
