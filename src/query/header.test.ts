import { expect, it } from 'vitest'
import { headerOf } from './header.ts'

it('has a title, sentences and names', () => {
  const { title, doc, names } = headerOf(
    '-- Sessions\n-- One row per session,\n-- silent ones too.\n-- minutes: How long it was,\n--   as far as it is known.\n-- who: The person.\nselect 1\n-- not: this one\n',
  )
  expect({ title, doc, names: [...names] }).toEqual({
    title: 'Sessions',
    doc: 'One row per session, silent ones too.',
    names: [
      ['minutes', 'How long it was, as far as it is known.'],
      ['who', 'The person.'],
    ],
  })
})

it.each(['', 'select 1', '\n-- late\nselect 1'])('may be missing: %j', (text) => {
  expect(headerOf(text)).toEqual({ title: '', doc: '', names: new Map() })
})
