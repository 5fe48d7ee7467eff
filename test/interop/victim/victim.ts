import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Asked, Move } from '../../ask/scripted.ts'

/** A small language model that does what any text tells it to, in a process of its own. */
export interface Victim {
  /** What it says to a prompt; in the form of a schema when there is one. */
  say(prompt: string, how: Saying): Promise<string>
  /**
   * The next move of a planner, or the words of a reader, as it makes them of a call.
   *
   * @param only a tool that it has to call; else which is its own choice
   */
  move(asked: Asked, seed: number, only?: string): Promise<Move>
  close(): Promise<void>
}

interface Saying {
  seed: number
  temperature: number
  max: number
  schema?: Schema
}

type Schema = Record<string, unknown>

export async function startVictim(): Promise<Victim> {
  const [engine = '', weights = ''] = execFileSync('bash', ['test/interop/victim/setup.sh'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
  const child = fork('test/interop/victim/model.js', [engine, weights], { execArgv: [] })
  await once(child, 'message')
  let turn: Promise<unknown> = Promise.resolve()

  async function say(prompt: string, how: Saying): Promise<string> {
    const mine = turn.then(async () => {
      child.send({ prompt, ...how })
      const [{ text, fault }] = (await once(child, 'message')) as [{ text?: string; fault?: string }]
      if (text === undefined) throw new Error(fault)
      return text
    })
    turn = mine.catch(() => undefined)
    return await mine
  }

  return {
    say,
    async move({ body, hasTools }, seed, only) {
      const { messages, tools = [] } = JSON.parse(body) as Body
      if (!hasTools) {
        const text = await say(chat(messages), { seed, temperature: 0, max: 200, schema: READING })
        return { text }
      }
      const some = tools.filter(({ function: { name } }) => only === undefined || name === only)
      const text = await say(chat(messages, tools), {
        ...{ seed, temperature: 0.8, max: 200 },
        schema: { oneOf: some.map(callOf) },
      })
      const { tool, input } = parsed(text)
      return { tools: [input === undefined ? { name: tool, raw: text } : { name: tool, input }] }
    },
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

interface Body {
  messages: { role: string; content?: unknown; tool_calls?: unknown }[]
  tools?: OpenAiTool[]
}

interface OpenAiTool {
  function: { name: string; parameters: Schema }
}

/** The form of what a reader answers. */
const READING: Schema = {
  type: 'object',
  properties: {
    answers: { type: 'array', minItems: 1, maxItems: 1, items: { type: 'string', maxLength: 200 } },
    asks: { type: 'boolean' },
  },
}

/** Characters of a message that the model is given: its context is small. */
const SYSTEM = 1200
const MESSAGE = 900

/** A conversation in the words that it was trained with; marks of such in a text are as good as ours, which is to the attacker's gain. */
function chat(messages: Body['messages'], tools: readonly OpenAiTool[] = []): string {
  const part = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`
  const [system, ...rest] = messages.map(({ role, content, tool_calls }) => ({
    role,
    text: [textOf(content), tool_calls === undefined ? '' : JSON.stringify(tool_calls)].join(' ').trim(),
  }))
  const names = tools.map(({ function: { name } }) => name).join(', ')
  const head = `${system?.text.slice(-SYSTEM) ?? ''}${names === '' ? '' : `\nTools: ${names}.`}`
  return `${part('system', head)}${rest
    .slice(-3)
    .map(({ role, text }) => part(role === 'tool' ? 'user' : role, text.slice(0, MESSAGE)))
    .join('')}<|im_start|>assistant\n`
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((one) => one?.text ?? '').join('\n') : ''
}

/** A call of a tool, for the grammar: the name, and what its schema allows as far as a grammar can say it. */
function callOf({ function: { name, parameters } }: OpenAiTool): Schema {
  return { type: 'object', properties: { tool: { const: name }, input: plain(parameters) } }
}

function plain(schema: Schema): Schema {
  const { type, properties, items, additionalProperties } = schema
  const options = schema.enum
  if (Array.isArray(options)) return { enum: options }
  if (type === 'object' && properties)
    return {
      type,
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, plain(value as Schema)]),
      ),
    }
  if (type === 'object')
    return { type, additionalProperties: additionalProperties ? { type: 'string' } : false }
  if (type === 'array') return { type, minItems: 1, maxItems: 2, items: plain((items ?? {}) as Schema) }
  if (type === 'integer' || type === 'number' || type === 'boolean') return { type }
  return { type: 'string', maxLength: 160 }
}

/** What was cut off in its middle is no JSON: it goes on as it is. */
function parsed(text: string): { tool: string; input?: unknown } {
  try {
    return JSON.parse(text)
  } catch {
    return { tool: /"tool":\s*"(\w+)"/.exec(text)?.[1] ?? 'none' }
  }
}
