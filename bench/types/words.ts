import type { Random } from '../../samples/random.ts'

const WORDS =
  'the of and to in a is that for it was on are as with they at be this from have or by one had not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know get through back much before go good new write our used me man too any day same right look think also around another came come work three word must because does part even place well such here take why things help put years different away again off went old number great tell men say small every found still between name should home big give air line set own under read last never us left end along while might next sound below saw something thought both few those always looked show large often together asked house world going want school important until form food keep children feet land side without boy once animals life enough took sometimes four head above kind began almost live page got earth need far hand high year mother light parts country father let night following picture being study second eyes soon times story boys since white days ever paper hard near sentence better best across during today others however sure means knew try told young miles sun ways thing whole hear example heard several change answer room sea against top turned learn point city play toward five using himself usually account bucket region role policy key table query deploy service token model endpoint request'.split(
    ' ',
  )

/** Sentences of about so many characters; now and then a line break, a quote, a letter beyond ASCII. */
export function prose(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    const word = random.pick(WORDS)
    const chance = random.below(60)
    if (text === '') text = word
    else if (chance < 4) text += `. ${word.charAt(0).toUpperCase()}${word.slice(1)}`
    else if (chance === 4) text += `.\n\n${word}`
    else if (chance === 5) text += ` "${word}"`
    else if (chance === 6 && random.chance(0.3)) text += ` für ${word}`
    else text += ` ${word}`
  }
  return text
}

/** Text in pieces as a stream delivers it: about four characters each. */
export function pieces(random: Random, text: string): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = random.between(2, 7)
    found.push(text.slice(at, at + length))
    at += length
  }
  return found
}

/** Seconds since 1970 as AWS writes them. */
export function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** 2026-01-07 as 2026/01/07/22 of a second, as in keys. */
export function hourPath(seconds: number): string {
  return iso(seconds).slice(0, 13).replaceAll('-', '/').replace('T', '/')
}

export const ACCOUNTS = ['111122223333', '444455556666'] as const
export const REGIONS = ['us-east-1', 'eu-central-1'] as const
/** The corpora begin here, and each file is some minutes later than the one before. */
export const FIRST = Date.parse('2026-01-05T00:00:00Z') / 1000
