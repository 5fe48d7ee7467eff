import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loglake } from '../e2e/program.ts'
import { SESSION } from './given.ts'
import { failures, type Served, SPAN, served } from './served.ts'

const OPERATOR = 'operator:ana@example.com'
const DALIA = 'manager:dalia@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
  // A session whose output was uploaded when it ended: no sample has one, and nothing is added to a demo.
  rmSync(join(lake.place, 'control', 'demo'))
  for (const command of [
    ['ingest', resolve('src/logtypes/session_log/fixtures/transcript')],
    ['follow', '--once'],
  ]) {
    const { code, err } = await loglake([...command, '--lake', lake.place])
    expect(code, err).toBe(0)
  }
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Piece {
  at: string | null
  text: string
  delivery: string
}

async function piecesOf(as: string, id: string, unmask = false): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (let after = ''; ; ) {
    const response = await lake.get(as, 'session-output', {
      ...{ id, limit: '3' },
      ...(after && { after }),
      ...(unmask && { unmask: 'true' }),
    })
    const page = (await response.json()) as { pieces: Piece[]; next: string | null }
    pieces.push(...page.pieces)
    if (page.next === null) return pieces
    after = page.next
  }
}

async function sessionsBy(delivery: string): Promise<string[]> {
  const { rows } = (await (await lake.get(OPERATOR, 'sessions', SPAN)).json()) as { rows: { id: string }[] }
  const found: string[] = []
  for (const { id } of rows) {
    const response = await lake.get(OPERATOR, 'session', { id })
    const { output } = (await response.json()) as { output?: { delivery: string } }
    if (output?.delivery === delivery) found.push(id)
  }
  return found
}

interface Cast {
  header: { version: number; width: number; height: number; timestamp: number }
  events: [number, string, string][]
}

/** As https://docs.asciinema.org/manual/asciicast/v2/ has it: a header, then events whose times never run backwards. */
function parse(text: string): Cast {
  const [first, ...rest] = text.trimEnd().split('\n')
  const header = JSON.parse(first as string)
  if (header.version !== 2 || !(header.width > 0) || !(header.height > 0)) throw new Error('no header')
  let last = 0
  const events = rest.map((line) => {
    const event = JSON.parse(line)
    const [time, code, data] = event
    if (event.length !== 3 || typeof time !== 'number' || time < last) throw new Error(`wrong time: ${line}`)
    if (!['o', 'i', 'm', 'r'].includes(code) || typeof data !== 'string') throw new Error(`no event: ${line}`)
    last = time
    return event
  })
  return { header, events }
}

const exported = (as: string, given: Record<string, string>) => lake.get(as, 'session-export', given)

describe('streamed output', () => {
  it('is a recording whose times are those of the log, with the masks of the page', async () => {
    const response = await exported(DALIA, { id: SESSION })
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="session-${SESSION}.cast"`)
    const { header, events } = parse(await response.text())
    const pieces = await piecesOf(DALIA, SESSION)
    expect(pieces.length).toBeGreaterThan(5)
    const seconds = pieces.map(({ at }) => Date.parse(at as string) / 1000)
    expect(header.timestamp).toBe(seconds[0])
    expect(events.map(([time]) => time + header.timestamp)).toEqual(seconds)
    const lines = (text: string) => text.replace(/\n$/, '').replaceAll(/\r?\n/g, '\r\n')
    expect(events.map(([, , data]) => data.replace(/\r\n$/, ''))).toEqual(
      pieces.map(({ text }) => lines(text)),
    )
    expect(new Set(events.map(([, code]) => code))).toEqual(new Set(['o']))
  })

  it('obeys nothing when it is played, unmasked or not', async () => {
    for (const unmask of ['false', 'true'])
      for (const format of ['cast', 'text']) {
        const body = await (await exported(DALIA, { id: SESSION, format, unmask })).text()
        const texts = format === 'cast' ? parse(body).events.map(([, , data]) => data) : [body]
        for (const text of texts)
          expect(text.replaceAll('\r\n', '').replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u)
      }
  })

  it('is recorded, and as unmasked where it is', async () => {
    await exported(DALIA, { id: SESSION, unmask: 'true' })
    const line = lake.asking.accessLog.pending().at(-1)
    expect(line).toMatchObject({
      ...{ operation: 'session-export', about: SESSION, unmasked: true, outcome: 'shown' },
      name: 'dalia@example.com',
    })
    expect(line?.rows).toBe((await piecesOf(DALIA, SESSION)).length)
  })

  it('is written by the command, too', async () => {
    const people = resolve('samples/people.csv')
    const options = ['--lake', lake.place, '--people', people, '--as', DALIA]
    const { code, out } = await loglake(['review', 'terminal', SESSION, ...options])
    expect(code).toBe(0)
    expect(parse(out)).toEqual(parse(await (await exported(DALIA, { id: SESSION })).text()))
  })
})

describe('uploaded output', () => {
  it('has no times, and is exported as text alone', async () => {
    const [id] = await sessionsBy('uploaded')
    expect(id).toBeDefined()
    const refused = await exported(OPERATOR, { id: id as string })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      title: 'No times',
      detail: expect.stringContaining('uploaded at its end'),
    })
    const text = await (await exported(OPERATOR, { id: id as string, format: 'text' })).text()
    const pieces = await piecesOf(OPERATOR, id as string)
    expect(text).toBe(pieces.map((piece) => `${piece.text.replace(/\n$/, '')}\n`).join(''))
    expect(pieces.every(({ at }) => at === null)).toBe(true)
  })
})

it('a session without output, an unknown one and a foreign one are refused', async () => {
  const [silent] = await sessionsBy('none')
  const answers = await Promise.all([
    exported(OPERATOR, { id: silent as string }),
    exported(OPERATOR, { id: 'unknown' }),
    exported('manager:farah@example.com', { id: SESSION }),
    exported('auditor:eve@example.com', { id: SESSION }),
    exported('analyst:kim@example.com', { id: SESSION, unmask: 'true' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 403, 403])
})
