import type { Rule } from '../contract.ts'
import {
  aba,
  base58Check,
  bech32,
  finnishSign,
  germanTax,
  IBAN_LENGTHS,
  isDay,
  italianLetter,
  luhn,
  mod97,
  nhs,
  npi,
  pesel,
  singapore,
  spanishLetter,
  tfn,
  verhoeff,
} from './checksums.ts'

/**
 * Formats of personal data. A recogniser judges a candidate, never a text: a run of groups of digits
 * (`numbers`), or a match that begins at a word with a digit in it (`words`). Names and formats follow
 * Microsoft Presidio's.
 */
export interface Recogniser extends Rule {
  /** Words that confirm a match when one is near it. */
  context: readonly string[]
  /** The score without such a word; with one it is at least 0.75. Below 0.5 a match needs such a word. */
  alone: number
  /** Also matches directly after letters, as in `is199003052397`. */
  glued?: true
}

export interface NumberRecogniser extends Recogniser {
  /** The possible lengths of its groups of digits. */
  shapes: readonly (readonly number[])[]
  /** The score of a candidate, or 0: takes its text, and its digits alone. */
  judge(written: string, digits: string): number
}

export interface WordRecogniser extends Recogniser {
  /** Whether it begins with a digit or a letter; either when undefined. */
  begins?: 'digit' | 'letter'
  /** Minimum length of its first word. */
  least: number
  /** Anchored at its beginning (`y`). */
  pattern: RegExp
  /** How many of the matched characters belong to it, or 0, and the score. */
  judge(found: string): { length: number; score: number }
}

const lengths = (least: number, most: number) =>
  Array.from({ length: most - least + 1 }, (_, more) => [least + more])
const NONE = { length: 0, score: 0 }
const only = (score: number, isRight: boolean) => (isRight ? score : 0)
const all = (found: string, score: number) => ({ length: found.length, score })

const CARD_PREFIX =
  /^(?:4\d{12}(?:\d{3})?(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}(?:\d{2})?|(?:6011|64[4-9]|65|62)\d{10,15}|(?:2131|1800)\d{11}|35\d{14}|(?:50|5[6-9]|6[37])\d{10,17}|0604\d{8,15}|1\d{14})$/

export const NUMBERS: readonly NumberRecogniser[] = [
  {
    id: 'CREDIT_CARD',
    doc: 'Card numbers with the prefix of a network and a right check digit.',
    context: [
      'card',
      'credit',
      'debit',
      'visa',
      'mastercard',
      'amex',
      'cc ',
      'maestro',
      'karte',
      'carte',
      'tarjeta',
      'jcb',
      'diners',
    ],
    alone: 1,
    shapes: [
      ...lengths(12, 19),
      [4, 4, 4, 4],
      [4, 4, 4, 4, 1],
      [4, 4, 4, 4, 2],
      [4, 4, 4, 4, 3],
      [4, 6, 4],
      [4, 6, 5],
    ],
    judge(written, digits) {
      if (
        !/^\d{12,19}$|^\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?$|^\d{4}([ -])\d{6}\2\d{4,5}$/.test(
          written,
        )
      )
        return 0
      if (!CARD_PREFIX.test(digits) || !luhn(digits)) return 0
      // Twelve digits may be an AWS account, thirteen a time; numbers of airlines begin with 1.
      return digits.length < 14 || digits[0] === '1' ? 0.4 : 1
    },
  },
  {
    id: 'US_SSN',
    doc: 'US social security numbers; without separators only near a word for it.',
    context: ['ssn', 'social security', 'social sec', 'ss#', 'ssid'],
    alone: 0.6,
    shapes: [[9], [5, 4], [3, 6], [3, 2, 4]],
    judge(written, digits) {
      if (/^(\d)\1*$/.test(digits) || /^000|^666|^\d{3}00|0000$/.test(digits)) return 0
      if (/^(?:123456789|98765432\d|078051120)$/.test(digits)) return 0
      if (/^\d{3}([- .])\d{2}\1\d{4}$/.test(written)) return 0.6
      return only(0.1, /^\d{9}$|^\d{5}-\d{4}$|^\d{3}-\d{6}$/.test(written))
    },
  },
  {
    id: 'US_ITIN',
    doc: 'US individual taxpayer identification numbers.',
    context: ['itin', 'taxpayer', 'tax id', 'taxid', 'individual tax'],
    alone: 0.5,
    shapes: [[9], [5, 4], [3, 6], [3, 2, 4]],
    judge(written, digits) {
      if (!/^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(digits)) return 0
      if (/^\d{3}([- ])\d{2}\1\d{4}$/.test(written)) return 0.5
      return only(0.2, /^\d{9}$|^\d{3}[- ]\d{6}$|^\d{5}[- ]\d{4}$/.test(written))
    },
  },
  {
    id: 'US_PASSPORT',
    doc: 'US passport numbers of nine digits, near a word for it.',
    context: ['passport', 'travel document'],
    alone: 0.05,
    shapes: [[9]],
    judge: (written) => only(0.05, /^\d{9}$/.test(written)),
  },
  {
    id: 'US_NPI',
    doc: 'US national provider identifiers, near a word for it.',
    context: ['npi', 'provider'],
    alone: 0.3,
    shapes: [[10], [4, 3, 3]],
    judge(written, digits) {
      if (!/^[12]\d{9}$|^[12]\d{3}[ -]\d{3}[ -]\d{3}$/.test(written)) return 0
      return only(0.3, !/^(\d)\1*$/.test(digits) && npi(digits))
    },
  },
  {
    id: 'US_BANK_NUMBER',
    doc: 'US bank account numbers, near a word for it.',
    context: ['bank account', 'account number', 'checking', 'savings account', 'acct', 'bank acc'],
    alone: 0.05,
    shapes: lengths(8, 17),
    judge: (written) => only(0.05, /^\d{8,17}$/.test(written)),
  },
  {
    id: 'ABA_ROUTING_NUMBER',
    doc: 'US bank routing numbers, near a word for it.',
    context: ['aba', 'routing', 'wire transfer', 'rtn'],
    alone: 0.3,
    shapes: [[9], [4, 4, 1]],
    judge: (written, digits) =>
      only(0.3, /^[0123678](?:\d{8}|\d{3}-\d{4}-\d)$/.test(written) && aba(digits) && digits !== '000000000'),
  },
  {
    id: 'UK_NHS',
    doc: 'Numbers of the British National Health Service; without separators only near a word for it.',
    context: ['nhs', 'national health', 'health service', 'health authority'],
    alone: 0.4,
    shapes: [[10], [3, 3, 4]],
    judge: (written, digits) =>
      only(0.4, /^\d{3}([- ]?)\d{3}\1\d{4}$/.test(written) && nhs(digits) && !/^(\d)\1*$/.test(digits)),
  },
  {
    id: 'DE_TAX_ID',
    doc: 'German tax ids, near a word for it.',
    context: ['steuer', 'idnr', 'tin', 'bzst', 'tax id'],
    alone: 0.4,
    shapes: [[11], [2, 3, 3, 3]],
    judge: (written, digits) =>
      only(0.4, /^[1-9]\d{10}$|^[1-9]\d(?: \d{3}){3}$/.test(written) && germanTax(digits)),
  },
  {
    id: 'PL_PESEL',
    doc: 'Polish PESEL numbers, near a word for it.',
    context: ['pesel'],
    alone: 0.4,
    shapes: [[11]],
    glued: true,
    judge(written, digits) {
      const day = Number(digits.slice(4, 6))
      const month = Number(digits.slice(2, 4)) % 20
      return only(
        0.4,
        /^\d{11}$/.test(written) && month >= 1 && month <= 12 && day >= 1 && day <= 31 && pesel(digits),
      )
    },
  },
  {
    id: 'SE_PERSONNUMMER',
    doc: 'Swedish personal numbers; without a separator only near a word for it.',
    context: [
      'personnummer',
      'personnr',
      'pnr',
      'svensk',
      'swedish',
      'samordningsnummer',
      'personal identity',
    ],
    alone: 0.4,
    shapes: [[10], [12], [6, 4], [8, 4]],
    glued: true,
    judge(written, digits) {
      if (!/^\d{6}[-+]?\d{4}$|^\d{8}[-+]?\d{4}$/.test(written)) return 0
      const short = digits.slice(-10)
      const year = Number(digits.length === 12 ? digits.slice(0, 4) : digits.slice(0, 2))
      const day = Number(short.slice(4, 6))
      if (digits.length === 12 && !/^(?:18|19|20)/.test(digits)) return 0
      return only(0.4, isDay(year, Number(short.slice(2, 4)), day > 60 ? day - 60 : day) && luhn(short))
    },
  },
  {
    id: 'IN_AADHAAR',
    doc: 'Indian Aadhaar numbers, near a word for it.',
    context: ['aadhaar', 'aadhar', 'uidai'],
    alone: 0.3,
    shapes: [[12], [4, 4, 4]],
    judge(written, digits) {
      if (!/^[2-9]\d{11}$|^[2-9]\d{3}([- :])\d{4}\1\d{4}$/.test(written)) return 0
      return only(0.3, verhoeff(digits) && digits !== [...digits].reverse().join(''))
    },
  },
  {
    id: 'AU_TFN',
    doc: 'Australian tax file numbers, near a word for it.',
    context: ['tfn', 'tax file'],
    alone: 0.3,
    shapes: [[9], [3, 3, 3]],
    judge: (written, digits) =>
      only(0.3, /^\d{9}$|^\d{3} \d{3} \d{3}$/.test(written) && tfn(digits) && digits !== '000000000'),
  },
]

const FISCAL =
  /(?:[A-Z][AEIOU][AEIOUX]|[AEIOU]X{2}|[B-DF-HJ-NP-TV-Z]{2}[A-Z]){2}(?:[\dLMNP-V]{2}(?:[A-EHLMPR-T](?:[04LQ][1-9MNP-V]|[15MR][\dLMNP-V]|[26NS][0-8LMNP-U])|[DHPS][37PT][0L]|[ACELMRT][37PT][01LM]|[AC-EHLMPR-T][26NS][9V])|(?:[02468LNQSU][048LQU]|[13579MPRTV][26NS])B[26NS][9V])(?:[A-MZ][1-9MNP-V][\dLMNP-V]{2}|[A-M][0L](?:[1-9MNP-V][\dLMNP-V]|[0L][1-9MNP-V]))[A-Z](?![\w])/iy

export const WORDS: readonly WordRecogniser[] = [
  {
    id: 'IBAN_CODE',
    doc: 'International bank account numbers with the length of their country and a right check.',
    context: ['iban'],
    alone: 1,
    begins: 'letter',
    least: 4,
    pattern: /[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}/iy,
    judge(found) {
      // The first four characters are repeated: the IBAN begins at the second ones.
      if (found.slice(5).startsWith(found.slice(0, 4))) return NONE
      const wanted = IBAN_LENGTHS[found.slice(0, 2).toUpperCase()]
      if (wanted === undefined) return NONE
      let taken = ''
      let at = 0
      for (; at < found.length && taken.length < wanted; at++) {
        const code = found.charCodeAt(at)
        if (code !== 0x20 && code !== 0x2d) taken += found[at]
      }
      if (taken.length < wanted || /^[A-Za-z0-9]/.test(found.slice(at, at + 1))) return NONE
      // All in small letters or all in capitals.
      if (taken !== taken.toUpperCase() && taken !== taken.toLowerCase()) return NONE
      return mod97(taken.toUpperCase()) ? { length: at, score: 1 } : NONE
    },
  },
  {
    id: 'US_PASSPORT',
    doc: 'US passport numbers of a letter and eight digits, near a word for it.',
    context: ['passport', 'travel document'],
    alone: 0.1,
    begins: 'letter',
    least: 9,
    pattern: /[A-Z]\d{8}(?!\w)/y,
    judge: (found) => all(found, 0.1),
  },
  {
    id: 'UK_NINO',
    doc: 'British national insurance numbers.',
    context: ['national insurance', 'nino', 'ni number'],
    alone: 0.5,
    begins: 'letter',
    least: 2,
    pattern:
      /(?!bg|gb|nk|kn|nt|tn|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)/iy,
    judge: (found) => all(found, found === found.toUpperCase() || /\s/.test(found) ? 0.5 : 0.4),
  },
  {
    id: 'ES_NIF',
    doc: 'Spanish tax and identity numbers with a right letter.',
    context: ['dni', 'nif', 'documento nacional', 'identificación', 'identificacion'],
    alone: 0.6,
    begins: 'digit',
    least: 7,
    pattern: /\d{7,8}-?[A-Z](?!\w)/iy,
    judge(found) {
      const digits = found.replace(/\D/g, '')
      const letter = found.slice(-1)
      if (spanishLetter(digits) !== letter.toUpperCase()) return NONE
      return all(found, letter === letter.toUpperCase() && digits.length === 8 ? 0.6 : 0.3)
    },
  },
  {
    id: 'ES_NIE',
    doc: 'Spanish identity numbers of foreigners with a right letter.',
    context: ['nie', 'extranjero'],
    alone: 0.8,
    begins: 'letter',
    least: 8,
    pattern: /[X-Z]\d{7,8}-?[A-Z](?!\w)/iy,
    judge(found) {
      const digits = 'XYZ'.indexOf((found[0] as string).toUpperCase()) + found.slice(1).replace(/\D/g, '')
      if (spanishLetter(digits) !== found.slice(-1).toUpperCase()) return NONE
      return all(found, found === found.toUpperCase() ? 0.8 : 0.3)
    },
  },
  {
    id: 'IT_FISCAL_CODE',
    doc: 'Italian codici fiscali; with a wrong last letter only near a word for it.',
    context: ['codice fiscale', 'cod. fisc', 'c.f.'],
    alone: 1,
    begins: 'letter',
    least: 16,
    pattern: FISCAL,
    judge: (found) => all(found, italianLetter(found.toUpperCase()) ? 1 : 0.3),
  },
  {
    id: 'FI_PERSONAL_IDENTITY_CODE',
    doc: 'Finnish personal identity codes with a right day and sign.',
    context: ['hetu', 'henkilötunnus', 'personbeteckning', 'personal identity code', 'finnish'],
    alone: 0.9,
    glued: true,
    begins: 'digit',
    least: 6,
    pattern: /\d{6}[-+ABCDEFYXWVU]\d{3}[0-9ABCDEFHJKLMNPRSTUVWXY](?!\w)/y,
    judge(found) {
      const digits = found.slice(0, 6) + found.slice(7, 10)
      const isRight = isDay(Number(found.slice(4, 6)), Number(found.slice(2, 4)), Number(found.slice(0, 2)))
      return isRight && finnishSign(digits) === found[10] ? all(found, 0.9) : NONE
    },
  },
  {
    id: 'IN_PAN',
    doc: 'Indian permanent account numbers.',
    context: ['permanent account', 'pan card', 'pan number', 'pan:', 'income tax'],
    alone: 0.5,
    begins: 'letter',
    least: 10,
    pattern: /[A-Z]{5}\d{4}[A-Z](?!\w)/iy,
    judge(found) {
      const isKind = /^[A-Z]{3}[ABCFGHJLPT]/i.test(found)
      return all(found, isKind && found === found.toUpperCase() ? 0.5 : 0.1)
    },
  },
  {
    id: 'SG_NRIC_FIN',
    doc: 'Singaporean NRIC and FIN; with a wrong last letter only near a word for it.',
    context: ['nric', 'fin ', 'fin#', 'fin:', 'singapore'],
    alone: 0.6,
    begins: 'letter',
    least: 9,
    pattern: /[A-Z]\d{7}[A-Z](?!\w)/iy,
    judge(found) {
      const capitals = found.toUpperCase()
      if (!/^[STFGM]/.test(capitals)) return all(found, 0.1)
      return all(found, capitals === found && singapore(capitals) ? 0.6 : 0.3)
    },
  },
  {
    id: 'CRYPTO',
    doc: 'Bitcoin addresses with a right check.',
    context: ['bitcoin', 'btc', 'wallet', 'crypto'],
    alone: 1,
    least: 26,
    pattern: /(?:bc1[a-z0-9]{11,71}|[13][a-km-zA-HJ-NP-Z1-9]{25,34})(?!\w)/y,
    judge(found) {
      const isRight = found.startsWith('bc1') ? bech32(found) : base58Check(found)
      return isRight ? all(found, 1) : NONE
    },
  },
]

export const EMAIL: Recogniser = { id: 'EMAIL_ADDRESS', doc: 'E-mail addresses.', context: [], alone: 1 }

export const PHONE: Recogniser = {
  id: 'PHONE_NUMBER',
  doc: 'Telephone numbers with a plus sign, or near a word for it.',
  context: [
    ...[
      'phone',
      'telephone',
      'call',
      'mobile',
      'cell',
      'fax',
      'tel:',
      'tel.',
      'dial',
      'sms',
      'messages to',
      'message on my',
      'whatsapp',
    ],
    ...[
      'desk',
      'office',
      'answering at',
      'hotline',
      'telefon',
      'teléfono',
      'téléphone',
      'portable',
      'handy',
      'móvil',
    ],
    ...['телефон', '电话', '手机', '電話', '전화', 'reach me', 'text me', 'ring me', 'my number', 'contact'],
  ],
  alone: 0.3,
  glued: true,
}

export const MAC: Recogniser = {
  id: 'MAC_ADDRESS',
  doc: 'Hardware addresses.',
  context: ['mac', 'hardware', 'physical', 'ethernet'],
  alone: 0.6,
}

export const IP: Recogniser = {
  id: 'IP_ADDRESS',
  doc: 'IPv4 and IPv6 addresses.',
  context: [],
  alone: 0.6,
  off: true,
}

/** Recognisers of matches that begin with a letter or contain a sign. */
export const OTHERS: readonly Recogniser[] = [EMAIL, PHONE, MAC, IP]
