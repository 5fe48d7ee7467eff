import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** A node of OpenSearch that opensearch/setup.sh lays out. */
export interface OpenSearch {
  url: string
  /** Asks it something; an answer that is an error is thrown. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape
  ask(method: string, path: string, body?: object): Promise<any>
  /** Stands still until it goes on: connections are taken, and nothing is answered. */
  halt(isHalted: boolean): void
  stop(): Promise<void>
}

const PLACE = resolve('test/emulator/opensearch')

export const hasOpenSearch = existsSync(join(PLACE, 'classes/Start.class'))

export async function startOpenSearch(): Promise<OpenSearch> {
  const home = mkdtempSync(join(tmpdir(), 'loglake-opensearch-'))
  const node = spawn('java', ['-Xmx512m', '-cp', `${PLACE}/classes:${PLACE}/lib/*`, 'Start', home], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  node.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-10_000)
  })
  const gone = once(node, 'exit')
  const port = await Promise.race([
    once(createInterface({ input: node.stdout }), 'line').then(([line]) => String(line)),
    gone.then(([code]) => {
      throw new Error(`OpenSearch ended with ${code}\n${said}`)
    }),
  ])
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    async ask(method, path, body) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    halt(isHalted) {
      node.kill(isHalted ? 'SIGSTOP' : 'SIGCONT')
    },
    async stop() {
      node.kill('SIGKILL')
      await gone
      rmSync(home, { recursive: true, force: true })
    },
  }
}
