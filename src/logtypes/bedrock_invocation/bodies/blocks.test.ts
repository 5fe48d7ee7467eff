import { expect, test } from 'vitest'
import type { JsonValue } from '../../../json/values.ts'
import { inputOf, plainContent, readBlocks } from './blocks.ts'

const long = 'A'.repeat(1000)

test.each<[JsonValue | undefined, JsonValue | undefined]>([
  ['text', 'text'],
  [undefined, undefined],
  [[{ type: 'text', text: 'one' }, { text: 'two' }], 'one\ntwo'],
  [[{ json: { rows: [1] } }], { rows: [1] }],
  [
    [{ json: 1 }, { text: 'two' }],
    [{ json: 1 }, { text: 'two' }],
  ],
  [[], []],
  [
    [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: long } }],
    [
      {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: '1000 characters left out' },
      },
    ],
  ],
  [
    [{ image: { format: 'png', source: { bytes: long } } }],
    [{ image: { format: 'png', source: { bytes: '1000 characters left out' } } }],
  ],
  [[{ source: { data: 'short' } }], [{ source: { data: 'short' } }]],
])('the content %j of a result is %j', (content, plain) => expect(plainContent(content)).toEqual(plain))

test.each<[JsonValue | undefined, JsonValue | undefined]>([
  ['{"a":[1]}', { a: [1] }],
  ['', {}],
  ['{"a":', '{"a":'],
  [{ a: 1 }, { a: 1 }],
  [undefined, undefined],
])('the input %j of a call is %j', (json, input) => expect(inputOf(json)).toEqual(input))

test('blocks are told by their shape, and unknown ones hold no text', () => {
  expect(
    readBlocks(
      [
        'plain',
        { type: 'text', text: 'Anthropic' },
        { text: 'Converse' },
        { citationsContent: { content: [{ text: 'cited' }], citations: [] } },
        { guardContent: { text: { text: 'guarded' } } },
        { type: 'thinking', thinking: 'one' },
        { type: 'thinking', thinking: [{ type: 'text', text: 'two' }] },
        { reasoningContent: { reasoningText: { text: 'three' } } },
        { type: 'mcp_tool_use', id: 'a', name: 'search', input: {} },
        { toolUse: { toolUseId: 'b', name: 'run', input: 'text', type: 'server_tool_use' } },
        { type: 'mcp_tool_result', tool_use_id: 'a', content: [] },
        { toolResult: { toolUseId: 'b', content: [{ json: null }] } },
        { cachePoint: { type: 'default' } },
        { type: 'image_url', image_url: { url: 'https://example.com/' } },
        null,
        7,
      ],
      '|',
    ),
  ).toEqual({
    text: 'plain|Anthropic|Converse|cited|guarded',
    reasoning: 'one\ntwo\nthree',
    calls: [
      { id: 'a', name: 'search', input: {}, server: true },
      { id: 'b', name: 'run', input: 'text', server: true },
    ],
    results: [
      { id: 'a', status: 'success', content: [] },
      { id: 'b', status: undefined, content: null },
    ],
  })
})
