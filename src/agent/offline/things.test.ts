import { expect, test } from 'vitest'
import { kindOf, thingsIn, wordForm } from './things.ts'

test.each([
  ['eve', 'what did Eve do?', 1],
  ['eve', 'every event of the evening, never mind which', 0],
  ['kms', 'KMS, kms and skmsx', 2],
  ['a.b', 'a.b is one, axb and a.b.c are others', 2],
  ['ada+test', 'ada+test, and adaatest', 1],
  ['break glass', 'break glass and break-glass', 2],
  ['zoë', 'zoë, zoëlle and ézoë', 1],
  ['bob', 'bob-admin, my_bob and bob.', 1],
])('the word %s stands in "%s" %i times', (word, question, times) => {
  expect([...question.matchAll(wordForm(word))].length).toBe(times)
})

test.each([
  ['session v7zjxuf4w5gspug7625i6gdmcq', ['v7zjxuf4w5gspug7625i6gdmcq']],
  ['show me 0c17a443aec771bfb', ['0c17a443aec771bfb']],
  ['session alice@example.com-v7zjxuf4w5gspug7625i6gdmcq?', ['alice@example.com-v7zjxuf4w5gspug7625i6gdmcq']],
  ['jonas-045df8d8e137adbd9', ['jonas-045df8d8e137adbd9']],
  ['i-0c17a443aec771bfb', []],
  ['abcdefghijklmnopqrstuvwxyz', []],
  ['arn:aws:ssm:us-east-1:111122223333:session/x', []],
  ['63906c87f0914e8599734738907c9959', []],
])('sessions are found with and without the name before them: %s', (question, sessions) => {
  expect(thingsIn(question).sessions).toEqual(sessions)
})

test('an id is what the question calls it', () => {
  const id = '31997531-a704-4dc3-8924-92591fb74a0e'
  expect(kindOf(`conversation ${id}`, thingsIn(id))).toContain('conversation  conversation')
  expect(kindOf(`event ${id}`, thingsIn(id))).toContain('event  event')
})
