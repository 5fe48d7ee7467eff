import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Model, ModelRequest } from '../../src/model/contract.ts'
import type { Scripted } from './scripted.ts'

export const ask: ModelRequest = {
  system: 'You answer.',
  messages: [{ role: 'user', text: 'What is there?' }],
}
export const look = { name: 'look', description: 'Looks.', input: z.object({ at: z.string() }) }

/** What every wire carries, whole and streamed: a text, and a call of a tool with what it told. The words are those of the script. */
export function carriesRounds(open: () => Promise<Model>, server: () => Scripted): void {
  describe.each([
    ['whole', {}],
    ['streamed', { onText() {} }],
  ])('%s', (_, how) => {
    it('answers in text, with what it used', async () => {
      server().script = [{ text: 'There is a lake.', usage: { input: 11, output: 7 } }]
      const reply = await (await open()).generate({ ...ask, ...how })
      expect(reply).toMatchObject({ text: 'There is a lake.', finish: 'stop', usage: { estimated: false } })
      expect(reply.usage.input).toBeGreaterThan(0)
      expect(reply.usage.output).toBeGreaterThan(0)
      expect(server().asked[0]?.body).toContain('You answer.')
    })

    it('calls tools, and is told what they said', async () => {
      server().script = [{ text: 'I look.', tools: [{ name: 'look', input: { at: 'x' } }] }, { text: 'done' }]
      const model = await open()
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
      expect(server().asked[1]?.results).toEqual(['a thing'])
    })
  })

  it('answers in an object', async () => {
    server().script = [{ object: { found: 3 } }]
    const reply = await (await open()).generate({ ...ask, schema: z.object({ found: z.number() }) })
    expect(reply.object).toEqual({ found: 3 })
  })
}
