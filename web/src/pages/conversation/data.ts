import type { Output } from '../../api/client.ts'

export type Data = Output<'conversation'>
export type Call = Data['calls'][number]
export type Part = Call['answer'][number]
export type Passage = NonNullable<Part['passage']>

/** Which text of the conversation it is, as the operation `conversation-text` takes it. */
export interface TextKey {
  requestid: string
  of: 'system' | 'message' | 'answer' | 'input_body' | 'output_body'
  message?: number
  part?: number
}
