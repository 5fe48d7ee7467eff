import { z } from 'zod'
import { operation } from '../contract.ts'
import { FORMATS, SESSION_TYPES, sessionExportOf } from '../pages/session-export.ts'
import { everybodyWithRows } from '../rights.ts'
import { flag, text } from '../shapes.ts'

export const sessionExport = operation({
  name: 'session-export',
  doc: "Sends a session's terminal output as a file: with its times for asciinema, or as text.",
  kind: 'read',
  queue: 'question',
  answers: 'download',
  mediaTypes: Object.values(SESSION_TYPES),
  scope: 'read',
  input: z.object({
    id: text.max(500),
    format: z
      .enum(FORMATS)
      .default('cast')
      .describe('`cast` is asciicast v2, of streamed output: only that has times. `text` is any output.'),
    unmask: flag,
  }),
  output: text,
  may: everybodyWithRows,
  run: sessionExportOf,
})
