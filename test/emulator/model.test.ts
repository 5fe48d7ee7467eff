import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Model, ModelRequest } from '../../src/model/contract.ts'
import { openModel } from '../../src/model/model.ts'
import { modelSection } from '../../src/model/settings.ts'
import { type Scripted, scriptedServer } from '../ask/scripted.ts'
import { type Ministack, startMinistack } from './ministack.ts'

// Converse as somebody else understands it: ministack takes the request and writes the answer, whose words come from our scripted model
// behind it, which it asks as an OpenAI-compatible server.

let scripted: Scripted
let ministack: Ministack
let model: Model
beforeAll(async () => {
  scripted = await scriptedServer()
  ministack = await startMinistack({ MINISTACK_BEDROCK_PROXY_URL: scripted.url })
  const settings = modelSection().parse({
    provider: 'bedrock',
    id: 'anthropic.claude-3-haiku-20240307-v1:0',
    base_url: ministack.endpoint,
    identity: { region: 'eu-central-1' },
    retries: 0,
  })
  model = await openModel(settings, { pauseMs: 1 })
}, 120_000)
afterAll(async () => {
  await ministack.stop()
  await scripted.close()
})
beforeEach(() => {
  scripted.asked.length = 0
  scripted.script = []
})

const ask: ModelRequest = { system: 'You answer.', messages: [{ role: 'user', text: 'What is there?' }] }
const look = { name: 'look', description: 'Looks.', input: z.object({ at: z.string() }) }

describe.each([
  ['whole', {}],
  ['streamed', { onText() {} }],
])('%s', (_, how) => {
  it('answers in text, with what it used', async () => {
    scripted.script = [{ text: 'There is a lake.' }]
    const reply = await model.generate({ ...ask, ...how })
    expect(reply).toMatchObject({ text: 'There is a lake.', finish: 'stop', usage: { estimated: false } })
    expect(reply.usage.input).toBeGreaterThan(0)
    expect(scripted.asked[0]?.body).toContain('You answer.')
  })

  it('calls tools, and is told what they said', async () => {
    scripted.script = [{ text: 'I look.', tools: [{ name: 'look', input: { at: 'x' } }] }, { text: 'done' }]
    const reply = await model.generate({ ...ask, ...how, tools: [look] })
    expect(reply).toMatchObject({ finish: 'tools', toolCalls: [{ name: 'look', input: { at: 'x' } }] })
    const last = await model.generate({
      ...ask,
      ...how,
      tools: [look],
      messages: [
        ...ask.messages,
        { role: 'assistant', text: reply.text, toolCalls: reply.toolCalls },
        { role: 'tool', results: [{ id: reply.toolCalls[0]?.id ?? '', name: 'look', text: 'a thing' }] },
      ],
    })
    expect(last.text).toBe('done')
    expect(scripted.asked[1]?.results).toEqual(['a thing'])
  })
})

it('answers in an object', async () => {
  scripted.script = [{ object: { found: 3 } }]
  expect((await model.generate({ ...ask, schema: z.object({ found: z.number() }) })).object).toEqual({
    found: 3,
  })
})
