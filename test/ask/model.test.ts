import { BedrockClient } from '@aws-sdk/client-bedrock'
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openModel } from '../../src/model/model.ts'
import { ask, carriesRounds, look } from './rounds.ts'
import { type Scripted, scriptedServer } from './scripted.ts'
import { setKeys, wires } from './wires.ts'

let server: Scripted
beforeAll(async () => {
  setKeys()
  server = await scriptedServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.asked.length = 0
  server.script = []
})

describe.each(wires)('$name', ({ settings, callsAreObjects, hasNoGuardrail }) => {
  const open = () => openModel(settings(server.url), { pauseMs: 1 })

  carriesRounds(open, () => server)

  it.each([
    ['whole', {}],
    ['streamed', { onText() {} }],
  ])('counts what it used as the provider does, %s', async (_, how) => {
    server.script = [{ text: 'There is a lake.', usage: { input: 11, output: 7 } }]
    expect((await (await open()).generate({ ...ask, ...how })).usage).toEqual(
      expect.objectContaining({ input: 11, output: 7, estimated: false }),
    )
  })

  it.skipIf(callsAreObjects)(
    'tells of a tool call whose input is no JSON, or that is of no tool',
    async () => {
      server.script = [
        {
          tools: [
            { name: 'look', raw: '{"at": ' },
            { name: 'fly', input: {} },
          ],
        },
      ]
      const { toolCalls } = await (await open()).generate({ ...ask, tools: [look], onText() {} })
      expect(toolCalls.map(({ fault }) => fault !== undefined)).toEqual([true, true])
    },
  )

  it.runIf(callsAreObjects)('tells of a tool call that is of no tool', async () => {
    server.script = [{ tools: [{ name: 'fly', input: {} }] }]
    const { toolCalls } = await (await open()).generate({ ...ask, tools: [look], onText() {} })
    expect(toolCalls.map(({ fault }) => fault !== undefined)).toEqual([true])
  })

  it('answers in an object, and says when it does not', async () => {
    const schema = z.object({ found: z.number() })
    server.script = [{ object: { found: 3 } }, { object: { found: 'three' } }, { text: 'no object' }]
    const model = await open()
    expect((await model.generate({ ...ask, schema })).object).toEqual({ found: 3 })
    await expect(model.generate({ ...ask, schema })).rejects.toMatchObject({ fault: 'malformed' })
    await expect(model.generate({ ...ask, schema })).rejects.toMatchObject({ fault: 'malformed' })
  })

  it('tells that an answer is as long as it may be', async () => {
    server.script = [{ text: 'There is', finish: 'length' }]
    expect((await (await open()).generate(ask)).finish).toBe('length')
  })

  it.each([
    [429, '{"message":"Too many requests, please wait before trying again."}', 'throttled', 3],
    [500, '{"message":"The system encountered an unexpected error"}', 'unavailable', 3],
    [503, '{"message":"Service unavailable"}', 'unavailable', 3],
    [400, '{"message":"Input is too long for requested model."}', 'too-long', 1],
    [
      400,
      '{"error":{"message":"This model\'s maximum context length is 8192 tokens.","type":"x","code":"context_length_exceeded"}}',
      'too-long',
      1,
    ],
    [
      413,
      '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
      'too-long',
      1,
    ],
    [403, '{"message":"You don\'t have access to the model with the specified model ID."}', 'refused', 1],
    [401, '{"error":{"message":"Incorrect API key provided","type":"x"}}', 'refused', 1],
    [400, '{"message":"The provided model identifier is invalid."}', 'wrong', 1],
  ])('names the failure %d %s', async (status, body, fault, times) => {
    server.script = () => ({ status, body })
    const model = await open()
    await expect(model.generate(ask)).rejects.toMatchObject({ name: 'ModelError', fault })
    expect(server.asked).toHaveLength(times)
    await expect(model.generate({ ...ask, onText() {} })).rejects.toMatchObject({ fault })
  })

  it('says that it is loglake, by which analyses leave its calls out', async () => {
    const model = await open()
    await model.generate(ask)
    await model.generate({ ...ask, onText() {} })
    expect(server.asked.map(({ agent }) => /(^| )app\/loglake$/.test(agent))).toEqual([true, true])
  })

  it('takes its key nowhere else, whatever an answer says', async () => {
    server.script = (asked) =>
      asked.number % 3 === 0 ? { status: 307, headers: { location: '/model/x/converse' } } : { status: 500 }
    const model = await open()
    await expect(model.generate(ask)).rejects.toMatchObject({ fault: 'unavailable' })
    await expect(model.generate({ ...ask, onText() {} })).rejects.toMatchObject({ fault: 'unavailable' })
    // Each answer is of a call of our own: none was made for the place that an answer named.
    expect(server.asked).toHaveLength(6)
  })

  it('asks again after a failure that passes, and says so', async () => {
    const said: string[] = []
    server.script = [{ status: 429 }, { status: 500 }, { text: 'now' }]
    const reply = await (await open()).generate({ ...ask, onRetry: (fault) => said.push(fault) })
    expect([reply.text, said.length]).toEqual(['now', 2])
  })

  it('takes no stream that is cut for an answer', async () => {
    server.script = () => ({ text: 'There is a lake, and it goes on and on and on.', cut: true })
    const model = await open()
    await expect(model.generate({ ...ask, onText() {} })).rejects.toMatchObject({ fault: 'cut' })
    await expect(model.generate(ask)).rejects.toMatchObject({ fault: 'cut' })
    expect(server.asked).toHaveLength(6)
  })

  it.skipIf(hasNoGuardrail)('names a stop by a guardrail', async () => {
    server.script = () => ({ text: 'Sorry.', finish: 'guardrail' })
    const model = await open()
    await expect(model.generate({ ...ask, onText() {} })).rejects.toMatchObject({ fault: 'guardrail' })
    await expect(model.generate(ask)).rejects.toMatchObject({ fault: 'guardrail' })
  })

  it('holds nothing that was sent or answered in an error', async () => {
    server.script = () => ({ status: 400, body: '{"message":"do not like SECRET-TEXT"}' })
    const error = await (await open()).generate({ ...ask, system: 'SECRET-TEXT' }).catch((thrown) => thrown)
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toMatch(
      /SECRET-TEXT|test-key|wJalr/,
    )
  })

  it('ends when it is told to', async () => {
    server.script = () => ({ status: 429, headers: { 'retry-after': '20' } })
    const stop = new AbortController()
    const asked = (await open()).generate({
      ...ask,
      signal: stop.signal,
      onRetry: () => stop.abort(new Error('stopped')),
    })
    await expect(asked).rejects.toThrow('stopped')
  })
})

it('reads no answer without end', async () => {
  const [wire] = wires.filter(({ name }) => name.includes('openai'))
  const content = 'a'.repeat(65 << 20)
  const message = { role: 'assistant', content }
  const body = JSON.stringify({
    id: 'x',
    model: 'm',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
  })
  server.script = () => ({ status: 200, body })
  const settings = { ...wire?.settings(server.url), retries: 0 } as ReturnType<
    (typeof wires)[number]['settings']
  >
  const model = await openModel(settings, { pauseMs: 1 })
  await expect(model.generate(ask)).rejects.toMatchObject({ name: 'ModelError', fault: 'cut' })
})

it("speaks Bedrock's words as AWS's own client understands them, checksums included", async () => {
  const common = { region: 'us-east-1', endpoint: server.url }
  // It speaks HTTP/2 by default, as AWS's own server does: other clients have a handler of HTTP/1.1.
  const { requestHandler } = new BedrockClient(common).config
  const client = new BedrockRuntimeClient({ ...common, requestHandler })
  server.script = () => ({ text: 'There is a lake.', tools: [{ name: 'look', input: { at: 'x' } }] })
  const messages = [{ role: 'user' as const, content: [{ text: 'What is there?' }] }]
  const whole = await client.send(new ConverseCommand({ modelId: 'scripted', messages }))
  expect(whole.output?.message?.content?.[1]?.toolUse?.input).toEqual({ at: 'x' })
  const streamed = await client.send(new ConverseStreamCommand({ modelId: 'scripted', messages }))
  let text = ''
  for await (const event of streamed.stream ?? []) text += event.contentBlockDelta?.delta?.text ?? ''
  expect(text).toBe('There is a lake.')
  const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [] })
  const invoked = await client.send(new InvokeModelCommand({ modelId: 'scripted', body }))
  expect(JSON.parse(Buffer.from(invoked.body).toString()).content[0].text).toBe('There is a lake.')
  const chunks = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: 'scripted', body }))
  const types: string[] = []
  for await (const event of chunks.body ?? [])
    types.push(JSON.parse(Buffer.from(event.chunk?.bytes ?? []).toString()).type)
  expect(types.at(-1)).toBe('message_stop')
  client.destroy()
})
