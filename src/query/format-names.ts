/** How an answer can be written as text; `formats.ts` has what writes it. */
export const formatNames = ['table', 'line', 'json', 'ndjson', 'csv', 'markdown'] as const
export type FormatName = (typeof formatNames)[number]
