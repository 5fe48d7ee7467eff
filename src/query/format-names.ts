/** Names of the text formats of an answer; `formats.ts` has their writers. */
export const formatNames = ['table', 'line', 'json', 'ndjson', 'csv', 'markdown'] as const
export type FormatName = (typeof formatNames)[number]
