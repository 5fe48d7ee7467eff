import { z } from 'zod'
import { operation } from '../contract.ts'
import { savedList, savedRemoveOf, savedSaveOf } from '../pages/saved.ts'
import { asksSql, savesQuestions } from '../rights.ts'
import { iso, parameters, text } from '../shapes.ts'

const question = z.object({
  id: text,
  name: text,
  sql: text,
  parameters,
  shared: z.boolean(),
  mine: z.boolean(),
  owner: text,
  saved: iso,
})

export const saved = operation({
  name: 'saved',
  doc: "Lists the questions in SQL that one saved, and those that others share: `query` asks them with the reader's own rights.",
  kind: 'read',
  queue: 'page',
  scope: 'query',
  input: z.object({}),
  output: z.object({ questions: z.array(question) }),
  may: asksSql,
  run: savedList,
})

export const savedSave = operation({
  name: 'saved-save',
  doc: "Saves a question in SQL, in the place of one's own of that name.",
  kind: 'write',
  queue: 'page',
  scope: 'query',
  input: z.object({
    name: text.trim().min(1).max(200),
    sql: text.min(1).max(100_000),
    parameters,
    shared: z.boolean().default(false).describe('Whether everybody who asks SQL here sees its text.'),
  }),
  output: question,
  may: savesQuestions,
  run: savedSaveOf,
})

export const savedRemove = operation({
  name: 'saved-remove',
  doc: 'Removes a saved question: of oneself, or as an operator one that is shared.',
  kind: 'write',
  queue: 'page',
  scope: 'query',
  input: z.object({ id: text.max(100) }),
  output: z.object({ removed: z.boolean() }),
  may: savesQuestions,
  run: savedRemoveOf,
})
