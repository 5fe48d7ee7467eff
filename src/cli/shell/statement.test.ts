import { expect, it } from 'vitest'
import { isBlank, isOpen, statementEnd } from './statement.ts'

it.each([
  ['select 1;', 9],
  ['select 1', undefined],
  ["select ';' ; x", 12],
  ["select 'it''s;", undefined],
  ["select 'it''s;';", 16],
  ['select ";";', 11],
  ['select 1 -- not; here\n;', 23],
  ['select 1 -- not; here', undefined],
  ['select /* ; */ 1;', 17],
  ['select /* ;', undefined],
  ['select $$;$$;', 13],
  ['select $a$ ; $$ ; $a$;', 22],
  ['select $id;', 11],
])('%j ends at %s', (text, end) => {
  expect(statementEnd(text)).toBe(end)
})

it('knows what holds nothing', () => {
  for (const text of ['', '  \n', ';', '-- a', '/* a */ ;']) expect(isBlank(text), text).toBe(true)
  for (const text of ['1', "'--'", 'select']) expect(isBlank(text), text).toBe(false)
})

it('knows what ends inside quotes or a comment', () => {
  for (const text of ["select 'a\n", 'select "a\n', 'select /* a\n', 'select $$a\n'])
    expect(isOpen(text), text).toBe(true)
  for (const text of ['', 'select\n', "select 'a'\n", 'select 1 -- a\n', 'select $$a$$\n'])
    expect(isOpen(text), text).toBe(false)
})
