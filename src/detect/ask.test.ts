import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hidingParts } from './ask.ts'

const words = (sql: string) =>
  sql
    .replace(/^--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim()

it('says with the same words as the view what a suppression hides', () => {
  const view = words(readFileSync(new URL('./views/finding_state.sql', import.meta.url), 'utf8'))
  const { suppressed, hides } = hidingParts('suppression', 'finding')
  expect(view).toContain(words(suppressed))
  expect(view).toContain(words(hides))
})
