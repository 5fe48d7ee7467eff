import type { Scanner } from '../contract.ts'
import { CLASSIFIER, injectionsIn, ROLES, SCANNER, VERSION } from './scan.ts'

/** Prompt injection: text that instructs the model against the people it works for. */
export const prompt: Scanner = {
  name: SCANNER,
  kind: 'injection',
  version: VERSION,
  doc: 'Attempts to instruct the model: sentences in 30 languages, hidden and encoded text, and passages that read like attacks.',
  roles: ROLES,
  rules: [
    { id: 'override', doc: 'Asks to ignore or forget the instructions that went before.' },
    { id: 'reveal', doc: 'Asks for the system prompt or for instructions that are not shown.' },
    { id: 'persona', doc: 'Gives the model a role without rules.' },
    { id: 'conceal', doc: 'Asks to keep something from the user.' },
    {
      id: 'authority',
      doc: 'Claims to be an instruction of the system, or addresses any model that reads it.',
    },
    { id: 'template', doc: "Has marks of a chat model's template, which separate its turns." },
    { id: 'hidden-text', doc: 'Has text in tag characters, which people do not see and a model reads.' },
    {
      id: CLASSIFIER,
      doc: 'A passage that reads like an attack to a classifier of prompts or of documents.',
    },
  ],
  scan: injectionsIn,
}
