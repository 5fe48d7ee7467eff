import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort, listening } from './listening.ts'

/** VictoriaLogs, as victorialogs/build.sh builds it. */
export interface VictoriaLogs {
  url: string
  /** What is there: each row flat, with texts for values. */
  rows(query: string): Promise<Record<string, string>[]>
  stop(): Promise<void>
}

const PROGRAM = resolve('test/emulator/victorialogs/victoria-logs')

export const hasVictoriaLogs = existsSync(PROGRAM)

export async function startVictoriaLogs(): Promise<VictoriaLogs> {
  const data = mkdtempSync(join(tmpdir(), 'loglake-victorialogs-'))
  const port = await freePort()
  const settings = { storageDataPath: data, httpListenAddr: `127.0.0.1:${port}`, retentionPeriod: '100y' }
  const store = spawn(
    PROGRAM,
    Object.entries(settings).map(([name, value]) => `-${name}=${value}`),
    { stdio: 'ignore' },
  )
  const gone = once(store, 'exit')
  await listening(port)
  const url = `http://127.0.0.1:${port}`
  const got = async (path: string) => {
    const answer = await fetch(`${url}${path}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return await answer.text()
  }
  return {
    url,
    async rows(query) {
      await got('/internal/force_flush')
      const text = await got(`/select/logsql/query?query=${encodeURIComponent(query)}`)
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    },
    async stop() {
      store.kill('SIGKILL')
      await gone
      rmSync(data, { recursive: true, force: true })
    },
  }
}
