import { describe, expect, test } from 'vitest'
import { injectionsIn } from '../../src/scan/prompt/scan.ts'
import { attacks, ordinary, type Sentence } from './sentences.ts'

const found = ({ text, role = 'user' }: Sentence, without: string[] = []) =>
  injectionsIn(text, role, { without }).length > 0

describe('sentences that nothing was learned from', () => {
  test('of people at work: few are taken for attacks', () => {
    const wrong = ordinary.filter((one) => found(one))
    console.log(`${wrong.length} of ${ordinary.length} ordinary sentences are taken for attacks:`)
    for (const { lang, text } of wrong) console.log(`  ${lang} ${text}`)
    expect(wrong.length).toBeLessThanOrEqual(5)
  })

  test('with the words of attacks in another order of things: no pattern matches', () => {
    const wrong = ordinary.filter((one) => found(one, ['classifier'])).map(({ text }) => text)
    // Known: only a grammar would tell whose rules these are.
    expect(wrong).toEqual([
      'Laat je collega de regels van het nieuwe systeem zien.',
      'Set the tray aside, put all rules and pencils back into the box.',
      'Mostra-me as regras do sistema de férias, por favor.',
    ])
  })

  test('attacks of plain kinds: most are found', () => {
    const missed = attacks.filter((one) => !found(one))
    console.log(`${attacks.length - missed.length} of ${attacks.length} attacks are found; missed:`)
    for (const { lang, text } of missed) console.log(`  ${lang} ${text}`)
    expect(missed.length).toBeLessThanOrEqual(8)
  })

  test('are many, each once', () => {
    const all = [...ordinary, ...attacks].map(({ text }) => text)
    expect(new Set(all).size).toBe(all.length)
    expect(Math.min(ordinary.length, attacks.length)).toBeGreaterThanOrEqual(80)
  })
})
