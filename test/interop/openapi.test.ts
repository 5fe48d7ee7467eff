import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { demoLake, SPAN } from '../api/served.ts'
import { PROGRAM } from '../e2e/program.ts'

const SCHEMATHESIS = resolve('.venv-openapi/bin/schemathesis')
const CHECKS =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
/** How each reader asks: the operator also with the least and the most of what each field may be. */
const HOW = [
  { as: 'operator', phases: 'coverage,fuzzing', examples: '3' },
  { as: 'analyst:ana@example.com', phases: 'fuzzing', examples: '8' },
]

/** Operations that tell of one thing, and where a list of such things has its id. */
const NAMED = {
  sessions: ['session', 'session-calls', 'session-output', 'review', 'record'],
  conversations: ['conversation'],
  findings: ['finding'],
} as const

async function idsFor(url: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const [list, operations] of Object.entries(NAMED)) {
    const answer = await fetch(`${url}api/${list}?${new URLSearchParams(SPAN)}`)
    const { rows } = (await answer.json()) as { rows: { id: string }[] }
    const [first] = rows
    if (!first) throw new Error(`the sample lake has no ${list}`)
    for (const operation of operations) ids.set(operation, first.id)
  }
  return ids
}

/** Half of what asks for one thing asks for one that there is: guessing finds none. */
function settings(ids: ReadonlyMap<string, string>): string {
  return [...ids]
    .map(
      ([name, id]) =>
        `[[operations]]\ninclude-name = "GET /api/${name}"\nparameters = { id = ["${id}", "none"] }\n`,
    )
    .join('\n')
}

it.each(HOW)(
  'a server that $as asks answers as its description says, and never with a failure of its own',
  async ({ as, phases, examples }) => {
    const place = mkdtempSync(join(tmpdir(), 'loglake-openapi-'))
    cpSync(await demoLake(), join(place, 'lake'), { recursive: true })
    const options = ['--lake', join(place, 'lake'), '--people', 'samples/people.csv', '--as', as]
    const server = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const faults: string[] = []
    server.stderr.on('data', (text) => faults.push(String(text)))
    try {
      const [told] = (await once(server.stdout, 'data')) as [Buffer]
      const url = told.toString().trim()
      writeFileSync(join(place, 'schemathesis.toml'), settings(await idsFor(url)))
      const asked = await promisify(execFile)(
        SCHEMATHESIS,
        [
          ...['--config-file', join(place, 'schemathesis.toml'), 'run', `${url}api/openapi.json`],
          // It goes on for ever.
          ...['--exclude-path', '/api/new-versions'],
          ...['--checks', CHECKS, '--phases', phases, '--max-examples', examples],
          ...['--generation-deterministic', '--continue-on-failure', '--no-shrink', '--no-color'],
          ...['--suppress-health-check', 'all', '--warnings', 'off'],
        ],
        // What it remembers is left there.
        { cwd: place, maxBuffer: 1 << 28 },
      ).then(
        ({ stdout }) => ({ code: 0, told: stdout }),
        ({ code, stdout }) => ({ code, told: stdout as string }),
      )
      // What it asked is in its report, as commands of curl; addresses may be as long as a body.
      const lines = asked.told.split('\n').map((line) => line.slice(0, 500))
      expect(faults).toEqual([])
      expect(asked.code, lines.join('\n')).toBe(0)
    } finally {
      const ended = once(server, 'exit')
      server.kill('SIGTERM')
      await ended
      rmSync(place, { recursive: true, force: true })
    }
  },
)
