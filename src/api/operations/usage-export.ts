import { z } from 'zod'
import { operation } from '../contract.ts'
import { FILE_TYPES } from '../pages/export.ts'
import { usageExportOf } from '../pages/usage-export.ts'
import { everybodyWithRows } from '../rights.ts'
import { fileFormat, span, text, usageWhere } from '../shapes.ts'

export const usageExport = operation({
  name: 'usage-export',
  doc: 'Sends the ten-minute rows of model use that `usage` adds up, with the team of each, as a file.',
  kind: 'read',
  queue: 'question',
  answers: 'download',
  mediaTypes: FILE_TYPES,
  scope: 'read',
  input: z.object({ ...span, where: usageWhere, format: fileFormat }),
  output: z.record(text, z.unknown()),
  may: everybodyWithRows,
  run: usageExportOf,
})
