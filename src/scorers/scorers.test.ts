import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Passage, Scorer } from '../scan/contract.ts'
import { batched, commandScorer, guardrailScorer, httpScorer } from './index.ts'

const passage = (text: string): Passage => ({ text, role: 'user' })
const passages = ['one', 'two', 'one', 'three'].map(passage)
const byLength = (calls: Passage[][], score = (text: string) => text.length / 10): Scorer => ({
  name: 'length',
  version: '1',
  score: async (asked) => {
    calls.push([...asked])
    return asked.map(({ text }) => score(text))
  },
})

describe('a batched scorer', () => {
  it('asks about each passage once, in batches', async () => {
    const calls: Passage[][] = []
    const scorer = batched(byLength(calls), { batch: 2 })
    expect(await scorer.score(passages)).toEqual([0.3, 0.3, 0.3, 0.5])
    expect(calls.map((call) => call.map(({ text }) => text))).toEqual([['one', 'two'], ['three']])
    expect(await scorer.score([passage('three'), passage('four')])).toEqual([0.5, 0.4])
    expect(calls.at(-1)?.map(({ text }) => text)).toEqual(['four'])
    await scorer.score([{ text: 'one', role: 'document' }])
    expect(calls.at(-1)?.map(({ role }) => role)).toEqual(['document'])
  })

  it('forgets the oldest, cuts what is long, and does not remember a failure', async () => {
    const calls: Passage[][] = []
    const small = batched(byLength(calls), { remembered: 1, longest: 3 })
    await small.score([passage('onewards')])
    await small.score([passage('two')])
    await small.score([passage('one')])
    expect(calls.map((call) => call.map(({ text }) => text))).toEqual([['one'], ['two'], ['one']])
    let fails = true
    const shaky = batched({
      name: 'shaky',
      version: '1',
      score: async (asked) => {
        if (fails) throw new Error('not now')
        return asked.map(() => 1)
      },
    })
    await expect(shaky.score([passage('x')])).rejects.toThrow('not now')
    fails = false
    expect(await shaky.score([passage('x')])).toEqual([1])
  })

  it('refuses what is no score', async () => {
    await expect(batched(byLength([], () => 7)).score(passages)).rejects.toThrow(
      'length did not answer a score',
    )
  })
})

describe('a command', () => {
  const script = (code: string) =>
    commandScorer({ name: 'mine', version: '1', command: [process.execPath, '-e', code] })
  const lines =
    "let t='';process.stdin.on('data',d=>t+=d).on('end',()=>{for(const l of t.trim().split('\\n')){const p=JSON.parse(l);"

  it('reads passages and writes scores', async () => {
    const scorer = script(
      `${lines}console.log(p.role==='user'?JSON.stringify({score:p.text.length/10}):0)}})`,
    )
    expect(await scorer.score([passage('two'), { text: 'x', role: 'document' }])).toEqual([0.3, 0])
  })

  it.each([
    ['ends with an error', 'process.exit(3)', 'ended with 3'],
    ['writes too few lines', 'console.log(1)', 'wrote 1 lines for 4 passages'],
    ['writes no score', `${lines}console.log(p.text)}})`, 'no score from 0 to 1 in line 1'],
  ])('that %s is an error without any text', async (_, code, message) => {
    const thrown: Error = await script(code)
      .score(passages)
      .then(
        () => new Error('none'),
        (error: Error) => error,
      )
    expect(thrown.message).toContain(message)
    expect(thrown.message).not.toContain('three')
  })

  it('that hangs is ended', async () => {
    const hanging = batched(script('setInterval(()=>{},1000)'), { timeout: 300 })
    await expect(hanging.score(passages)).rejects.toThrow('took too long')
  })

  it('has no credentials of ours', async () => {
    process.env.LOGLAKE_TEST_SECRET = 'x'
    const scorer = script('console.log(process.env.LOGLAKE_TEST_SECRET?1:0)')
    expect(await scorer.score([passage('a')])).toEqual([0])
    delete process.env.LOGLAKE_TEST_SECRET
  })
})

describe('an endpoint', () => {
  const seen: { url: string | undefined; authorization: string | undefined; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request))
    seen.push({ url: request.url, authorization: request.headers.authorization, body })
    const answer = answers.get(request.url ?? '')
    response.writeHead(answer ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.(body) ?? {}))
  })
  const answers = new Map<
    string,
    (body: { passages: Passage[]; content: { text: { text: string } }[] }) => object
  >([
    ['/scores', ({ passages: asked }) => ({ scores: asked.map(({ text }) => text.length / 10) })],
    ['/wrong', () => ({ scores: ['three'] })],
    [
      '/guardrail/gr-1/version/2/apply',
      ({ content }) => ({
        action: 'GUARDRAIL_INTERVENED',
        assessments: [
          {
            contentPolicy: {
              filters: [
                { type: 'PROMPT_ATTACK', confidence: content[0]?.text.text === 'two' ? 'HIGH' : 'NONE' },
              ],
            },
          },
        ],
      }),
    ],
  ])
  let origin = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('is asked with its headers', async () => {
    const scorer = httpScorer({
      name: 'far',
      version: '1',
      url: `${origin}/scores`,
      headers: { authorization: 'Bearer x' },
    })
    expect(await scorer.score(passages)).toEqual([0.3, 0.3, 0.3, 0.5])
    expect(seen.at(-1)).toEqual({ url: '/scores', authorization: 'Bearer x', body: { passages } })
  })

  it.each([
    ['/none', 'answered 503'],
    ['/wrong', 'did not answer {"scores"'],
  ])('that answers wrongly at %s is an error without any text', async (path, message) => {
    const scorer = httpScorer({ name: 'far', version: '1', url: origin + path })
    await expect(scorer.score(passages)).rejects.toThrow(message)
    await expect(scorer.score(passages)).rejects.not.toThrow('three')
  })

  it('of Bedrock says how sure a guardrail is of an attack', async () => {
    const scorer = guardrailScorer({
      endpoint: origin,
      guardrail: 'gr-1',
      guardrailVersion: '2',
      headers: async () => ({ authorization: 'Bearer key' }),
    })
    expect(await scorer.score([passage('one'), passage('two')])).toEqual([0, 0.95])
    expect(seen.at(-1)).toMatchObject({
      authorization: 'Bearer key',
      body: { source: 'INPUT', content: [{ text: { text: 'two' } }] },
    })
  })
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}
