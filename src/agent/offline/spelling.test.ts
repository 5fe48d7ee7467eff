import { describe, expect, it } from 'vitest'
import { corrected, correctionsOf } from './spelling.ts'

const spelling = {
  heads: new Set('denied calls access sessions at night roles recording disabled models happened'.split(' ')),
  knows: (word: string) => ['rules', 'catalog'].includes(word),
}
const read = (question: string) => corrected(question, correctionsOf(question, spelling))

describe('one slip of the fingers is corrected', () => {
  it.each([
    ['acess denied yesterday', 'access denied yesterday'],
    ['denied calls yesterdy', 'denied calls yesterday'],
    ['sesions at night, in janaury?', 'sessions at night, in january?'],
    ['who dissabled recordnig', 'who disabled recording'],
    ['what happend?', 'what happened?'],
  ])('%s', (question, meant) => {
    expect(read(question)).toBe(meant)
  })
})

describe('what is no slip stays', () => {
  it.each([
    ['another word, one letter apart', 'rules of the catalog'],
    ['another letter in place of one', 'denied polls and colls'],
    ['a short word', 'nigt acs'],
    ['another first letter', 'xdenied eccess'],
    ['a quoted text', 'sessions with "acess denied"'],
    [
      'a part of an id, an address or a path',
      'arn:aws:s3:::acess acess@example.com /acess acess-denied acess.denied',
    ],
    ['a name of capitals', 'AcessDenied'],
  ])('%s: %s', (_, question) => {
    expect(read(question)).toBe(question)
  })
})
