import { z } from 'zod'
import { operation } from '../contract.ts'
import { conversationTextOf } from '../pages/conversation-text.ts'
import { everybodyWithRows } from '../rights.ts'
import { count, flag, standing, text } from '../shapes.ts'
import { masked } from './session-output.ts'

export const conversationText = operation({
  name: 'conversation-text',
  doc: 'Gives a stretch of a long text of a model call: at most 65,536 characters.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['bedrock_invocation'],
  input: z.object({
    requestid: text.max(500),
    of: z.enum(['system', 'message', 'answer', 'input_body', 'output_body']),
    message: z.coerce.number().int().min(0).default(0).describe('The index of the message.'),
    part: z.coerce.number().int().min(0).default(0).describe('The index of the part in it.'),
    from: z.coerce.number().int().min(0).default(0),
    unmask: flag,
  }),
  output: z.object({ ...standing, text, from: count, length: count, masked }),
  may: everybodyWithRows,
  run: conversationTextOf,
})
