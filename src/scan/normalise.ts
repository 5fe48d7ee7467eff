/**
 * Text as a reader sees it: look-alike letters become one letter, and invisible characters disappear. NFKD
 * without accents, lower case, look-alikes of Latin letters as Latin letters (Unicode UTS 39); tag characters
 * (U+E0020 to U+E007E), which people do not see and models read, become the letters that they stand for.
 */
export interface Normalised {
  text: string
  /** The offset in the original of a code unit of `text`; at its end, the original's length. */
  placeOf(index: number): number
  /** The numbers of tag characters and of other invisible ones. */
  tags: number
  invisible: number
}

const LATIN_LOOKALIKES =
  'аa вb сc еe нh іi јj кk мm оo рp ѕs тt уy хx ԁd ԛq ԝw һh ӏl αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw ɑa ɡg ɩi ʟl ոn օo սu հh ցg'
const LOOKALIKES = new Map(
  LATIN_LOOKALIKES.split(' ').map((pair) => [pair.codePointAt(0) ?? 0, pair.slice(-1)]),
)
/** A character outside ASCII, or one of its control characters. */
const BEYOND = /[^ -~\t\n\r]/
/** A sign that stands for a whole sentence is kept: a text of such signs would grow eighteenfold. */
const LONGEST_FOLD = 4
const UNKNOWN = '\0'
/** The replacement of each code unit of the basic plane; filled on first use. */
const basic: string[] = new Array<string>(0x10000).fill(UNKNOWN)
/** The same for the next plane, which has emoji and mathematical letters. */
const astral: string[] = new Array<string>(0x10000).fill(UNKNOWN)
const ascii = Uint16Array.from({ length: 128 }, (_, code) =>
  String.fromCharCode(code).toLowerCase().charCodeAt(0),
)

/** Normalises a text, and maps each character to its offset in the original. Linear. */
export function normalise(text: string): Normalised {
  if (!BEYOND.test(text))
    return { text: text.toLowerCase(), placeOf: (index) => index, tags: 0, invisible: 0 }
  let out = new Uint16Array(text.length + 16)
  let at = new Uint32Array(text.length + 17)
  let length = 0
  let tags = 0
  let invisible = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 128) {
      if (length >= out.length) [out, at] = [grown(out), grownPlaces(at)]
      at[length] = index
      out[length++] = ascii[code] as number
      continue
    }
    let folded: string
    let wide = false
    if (code >= 0xd800 && code <= 0xdbff) {
      const point = text.codePointAt(index) ?? code
      wide = point > 0xffff
      if (point >= 0xe0000 && point <= 0xe007f) tags++
      folded = point >= 0x10000 && point < 0x20000 ? (astral[point - 0x10000] as string) : foldPoint(point)
      if (folded === UNKNOWN) folded = astral[point - 0x10000] = foldPoint(point)
    } else {
      folded = basic[code] as string
      if (folded === UNKNOWN) folded = basic[code] = foldPoint(code)
      if (folded === '' && !isMark(code)) invisible++
    }
    for (let part = 0; part < folded.length; part++) {
      if (length >= out.length) [out, at] = [grown(out), grownPlaces(at)]
      at[length] = index
      out[length++] = folded.charCodeAt(part)
    }
    if (wide) index++
  }
  at[length] = text.length
  const places = at
  return {
    text: textOf(out.subarray(0, length)),
    placeOf: (index) => places[index] as number,
    tags,
    invisible,
  }
}

function grown(out: Uint16Array): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(out.length * 2)
  larger.set(out)
  return larger
}

function grownPlaces(at: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array((at.length - 1) * 2 + 1)
  larger.set(at)
  return larger
}

const decoder = new TextDecoder('utf-16le')

function textOf(units: Uint16Array): string {
  return decoder.decode(units)
}

function foldPoint(point: number): string {
  if (point >= 0xe0020 && point <= 0xe007e) return String.fromCharCode(point - 0xe0000).toLowerCase()
  if (isInvisible(point) || isMark(point)) return ''
  // An unpaired surrogate is not a character.
  if (point >= 0xd800 && point <= 0xdfff) return '\ufffd'
  const character = String.fromCodePoint(point)
  // Marks of scripts in which they are letters stay: decomposing Hangul or Devanagari finds nothing.
  const apart = isTakenApart(point) ? character.normalize('NFKD').replace(/[\u0300-\u036f]/g, '') : character
  const taken = apart.length > LONGEST_FOLD ? character : apart
  const lower = taken.toLowerCase()
  let folded = ''
  for (const one of lower) folded += LOOKALIKES.get(one.codePointAt(0) ?? 0) ?? one
  return folded
}

function isTakenApart(point: number): boolean {
  return point < 0x0590 || (point >= 0x1d00 && point < 0x3000) || (point >= 0xf900 && point < 0x20000)
}

function isMark(point: number): boolean {
  return point >= 0x300 && point <= 0x36f
}

/** Format characters that have no width, variation selectors and fillers. */
function isInvisible(point: number): boolean {
  return (
    point === 0xad ||
    point === 0x61c ||
    point === 0x115f ||
    point === 0x1160 ||
    point === 0x180e ||
    (point >= 0x200b && point <= 0x200f) ||
    (point >= 0x202a && point <= 0x202e) ||
    (point >= 0x2060 && point <= 0x206f) ||
    point === 0x3164 ||
    (point >= 0xfe00 && point <= 0xfe0f) ||
    point === 0xfeff ||
    point === 0xffa0 ||
    (point >= 0xe0000 && point <= 0xe01ef)
  )
}
