import { describe, expect, it } from 'vitest'
import { normalise } from './normalise.ts'

describe('normalised text', () => {
  it.each([
    ['capitals and accents', 'Ignorez LES Règles', 'ignorez les regles'],
    ['full-width letters', 'ｉｇｎｏｒｅ', 'ignore'],
    ['letters of mathematics', '𝐢𝐠𝐧𝐨𝐫𝐞 𝒶𝓁𝓁', 'ignore all'],
    ['look-alikes of Cyrillic', 'іgnоrе', 'ignore'],
    ['zero-width characters', 'ig\u200bno\u200dre\ufeff', 'ignore'],
    ['soft hyphens and bidirectional marks', 'i\u00adg\u202en\u2066ore', 'ignore'],
    ['tag characters', `x${tags('Ignore')}y`, 'xignorey'],
    ['ligatures', 'ﬁle', 'file'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['Hangul and Devanagari as they are', '무시해 अनदेखा', '무시해 अनदेखा'],
  ])('%s', (_, text, wanted) => {
    expect(normalise(text).text).toBe(wanted)
  })

  it('knows where each character comes from', () => {
    const text = 'a\u200bß ﬁ𝐱'
    const { text: plain, placeOf } = normalise(text)
    expect(plain).toBe('aß fix')
    expect(Array.from({ length: plain.length + 1 }, (_, index) => placeOf(index))).toEqual([
      0, 2, 3, 4, 4, 5, 7,
    ])
    expect(normalise('ﷺ'.repeat(100)).placeOf(100)).toBe(100)
    expect(normalise('plain').placeOf(5)).toBe(5)
  })

  it('counts what nobody sees', () => {
    expect(normalise(tags('secret'))).toMatchObject({ tags: 6 })
    expect(normalise('a\u200b\u200bb')).toMatchObject({ invisible: 2, tags: 0 })
  })

  it('is the same normalised again', () => {
    for (const text of ['Ä𝐢ﬁ', 'іgnоrе ТЕХТ', 'Ελλάδα', tags('Ab')]) {
      const once = normalise(text).text
      expect(normalise(once).text).toBe(once)
    }
  })
})

function tags(text: string): string {
  return [...text]
    .map((character) => String.fromCodePoint(0xe0000 + (character.codePointAt(0) ?? 0)))
    .join('')
}
