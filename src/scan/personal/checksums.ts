import { createHash } from 'node:crypto'

/**
 * The check digits of ids, as their issuers define them. All functions take digits as text, without
 * separators.
 */

function digitsOf(text: string): number[] {
  return [...text].map(Number)
}

function weighted(text: string, weights: readonly number[]): number {
  return digitsOf(text).reduce((sum, digit, index) => sum + digit * (weights[index] ?? 0), 0)
}

/** ISO/IEC 7812: cards. */
export function luhn(text: string): boolean {
  let sum = 0
  for (let index = 0; index < text.length; index++) {
    let digit = text.charCodeAt(text.length - 1 - index) - 48
    if (index % 2 === 1) {
      digit *= 2
      if (digit > 9) digit -= 9
    }
    sum += digit
  }
  return sum % 10 === 0
}

/** ISO 13616: IBAN, in capitals. */
export function mod97(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4)
  let rest = 0
  for (const character of moved) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** NHS number: modulus 11. */
export function nhs(text: string): boolean {
  const check = (11 - (weighted(text.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  return check === Number(text[9])
}

/** National Provider Identifier: Luhn with the prefix 80840. */
export function npi(text: string): boolean {
  return luhn(`80840${text}`)
}

/** ABA routing number. */
export function aba(text: string): boolean {
  return weighted(text, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
}

/** Australian tax file number. */
export function tfn(text: string): boolean {
  return weighted(text, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0
}

/** German tax id: ISO 7064 MOD 11,10; none of its first ten digits occurs more than three times. */
export function germanTax(text: string): boolean {
  const counts = new Map<string, number>()
  for (const digit of text.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  if (Math.max(...counts.values()) > 3) return false
  let product = 10
  for (const digit of digitsOf(text.slice(0, 10))) {
    const sum = (digit + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === Number(text[10])
}

/** PESEL: weights 1, 3, 7, 9. */
export function pesel(text: string): boolean {
  return (10 - (weighted(text.slice(0, 10), [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(text[10])
}

const VERHOEFF_D = [
  ...['0123456789', '1234067895', '2340178956', '3401289567', '4012395678'],
  ...['5987604321', '6598710432', '7659821043', '8765932104', '9876543210'],
]
const VERHOEFF_P = [
  ...['0123456789', '1576283094', '5803796142', '8916043527'],
  ...['9453126870', '4286573901', '2793806415', '7046913258'],
]

/** Aadhaar: Verhoeff's dihedral check. */
export function verhoeff(text: string): boolean {
  let check = 0
  for (let index = 0; index < text.length; index++) {
    const digit = Number(text[text.length - 1 - index])
    check = Number(VERHOEFF_D[check]?.[Number(VERHOEFF_P[index % 8]?.[digit])])
  }
  return check === 0
}

/** Spanish NIF and NIE: the letter of the number modulo 23. */
export function spanishLetter(digits: string): string {
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23] as string
}

/** Finnish personal identity code: the sign of the nine digits modulo 31. */
export function finnishSign(digits: string): string {
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(digits) % 31] as string
}

/** Singapore's NRIC and FIN, in capitals. */
export function singapore(text: string): boolean {
  const [first, last] = [text[0] as string, text[8] as string]
  let sum = weighted(text.slice(1, 8), [2, 7, 6, 5, 4, 3, 2])
  if (first === 'T' || first === 'G') sum += 4
  if (first === 'M') sum += 3
  if (first === 'S' || first === 'T') return 'JZIHGFEDCBA'[sum % 11] === last
  if (first === 'F' || first === 'G') return 'XWUTRQPNMLK'[sum % 11] === last
  return first === 'M' && 'XWUTRQPNJLK'[10 - (sum % 11)] === last
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

/** Codice fiscale, in capitals: its last letter. */
export function italianLetter(text: string): boolean {
  let sum = 0
  for (let index = 0; index < 15; index++) {
    const value = Number.parseInt(text[index] as string, 36)
    const place = value > 9 ? value - 10 : value
    sum += index % 2 === 0 ? (ODD[place] as number) : place
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15]
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** A Bitcoin address of the older kinds: Base58Check. */
export function base58Check(text: string): boolean {
  let value = 0n
  for (const character of text) {
    const digit = BASE58.indexOf(character)
    if (digit < 0) return false
    value = value * 58n + BigInt(digit)
  }
  const hex = value.toString(16).padStart(50, '0')
  if (hex.length !== 50) return false
  const bytes = Buffer.from(hex, 'hex')
  const once = createHash('sha256').update(bytes.subarray(0, 21)).digest()
  return createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(21))
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** A Bitcoin address of the newer kinds: BIP 173 and BIP 350, in small letters. */
export function bech32(text: string): boolean {
  const values = [3, 3, 0, 2, 3]
  for (const character of text.slice(3)) {
    const value = BECH32.indexOf(character)
    if (value < 0) return false
    values.push(value)
  }
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [index, generator] of GENERATOR.entries()) if ((top >>> index) & 1) check ^= generator
  }
  return check === 1 || check === 0x2bc830a3
}

/** Whether a date exists: a year of two or four digits, a month, a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(year < 100 ? 2000 + year : year, month, 0)).getUTCDate()
}

/** Length of an IBAN by country (the IBAN registry of SWIFT). */
export const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28 },
  ...{ CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18 },
  ...{ FK: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HN: 28, HR: 21, HU: 28 },
  ...{ IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20 },
  ...{ LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20, MR: 27, MT: 31, MU: 30, NI: 28 },
  ...{ NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, RU: 33, SA: 24 },
  ...{ SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26 },
  ...{ UA: 29, VA: 22, VG: 24, XK: 20, YE: 30 },
}
