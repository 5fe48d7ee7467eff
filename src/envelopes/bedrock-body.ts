import type { Envelope } from './contract.ts'

const KEY = /\/BedrockModelInvocationLogs\/.+\/data\/[^/]+$/

/** A prompt or an answer that Bedrock stored outside its record because it is large. */
export const bedrockBody: Envelope = {
  name: 'bedrock-body',
  doc: 'A body beside Bedrock records, in the folder `data`: it is read with the record that names it.',
  byName: true,
  open(_, { uri }) {
    if (!KEY.test(uri)) return undefined
    return { kind: 'skipped', reason: 'a body of a Bedrock record: it is read with the record that names it' }
  },
}
