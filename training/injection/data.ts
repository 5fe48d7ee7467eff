import { DIRECT, INDIRECT, ORDINARY, type Text } from './corpora.ts'
import { type Example, passagesOf, random } from './fit.ts'

export type HeadName = 'prompt' | 'document'

/** Characters of a block: half of a passage. */
export const BLOCK: Record<HeadName, number> = { prompt: 300, document: 130 }

/** Harmless texts with trigger words count so much more. */
const TRIGGER_WEIGHT: Record<HeadName, number> = { prompt: 1.5, document: 1.5 }
/** Passages of one text that are learned from, at most. */
const MAX_ORDINARY = 6
/** Texts of one source that are learned from, at most. */
const MAX_TEXTS = 4000

/** The texts that a head learns from. */
export function textsFor(head: HeadName, texts: readonly Text[]): Text[] {
  if (head === 'prompt') return capped(texts.filter(isForPrompts))
  return [...capped(texts.filter(isForDocuments)), ...planted(texts)]
}

function isForPrompts({ source, attack, lang, text }: Text): boolean {
  if (source === 'asb' || source === 'injecagent') return false
  // Few ordinary texts are in other languages: a language would be learned as an attack. Those attacks are for the patterns.
  if (attack && !isEnglish(text)) return false
  return !attack || source in DIRECT || (source === 'own-grammar' && lang === 'en')
}

const ENGLISH = /\b(the|and|of|to|you|is|in|that|for|with|your|are|not|this|what)\b/g
const OTHER =
  /\b(und|der|die|das|ist|nicht|ich|fur|mit|ein|eine|sie|du|auf|alle|wie|warum|que|los|las|les|des|est|por|para|una|uma|vous|della|che|il|per|het|een|van)\b/g

/** By its most common words; a text without any is taken for English where its letters are Latin. */
function isEnglish(text: string): boolean {
  const others = text.match(OTHER)?.length ?? 0
  if (others >= 2 && 2 * others > (text.match(ENGLISH)?.length ?? 0)) return false
  const foreign = text.match(/[^\P{L}a-z]/gu)?.length ?? 0
  return foreign <= text.length / 5
}

function isForDocuments({ source, attack, kind, lang }: Text): boolean {
  if (!attack) return true
  // A plain request in a document holds nothing that tells it from the document: learning it makes documents attacks.
  if (kind === 'tool-result-naive' || kind === 'base') return false
  return source in INDIRECT || (source === 'own-grammar' && lang === 'en')
}

function capped(texts: readonly Text[]): Text[] {
  const next = random(3)
  const bySource = grouped(texts)
  return [...bySource.values()].flatMap((own) => {
    if (own.length <= MAX_TEXTS) return own
    return own
      .map((text) => ({ text, place: next() }))
      .sort((one, other) => one.place - other.place)
      .slice(0, MAX_TEXTS)
      .map(({ text }) => text)
  })
}

function grouped(texts: readonly Text[]): Map<string, Text[]> {
  const found = new Map<string, Text[]>()
  for (const text of texts) {
    const own = found.get(text.source)
    if (own) own.push(text)
    else found.set(text.source, [text])
  }
  return found
}

/**
 * Documents with an attack planted in them. The document without it is learned, too, as an ordinary one: else the
 * document itself would be taken for the attack.
 */
function planted(texts: readonly Text[]): Text[] {
  const next = random(11)
  const hosts = texts.filter(
    ({ attack, text, source }) => !attack && text.length > 120 && text.length < 3000 && source !== 'triggers',
  )
  const short = texts.filter(
    ({ attack, text, source, lang }) =>
      attack &&
      text.length < 400 &&
      ((source === 'own-grammar' && lang === 'en') || source === 'neuralchemy' || source === 'deepset'),
  )
  if (hosts.length === 0) return []
  return short
    .filter(() => next() < 0.5)
    .flatMap((one) => {
      const host = hosts[Math.floor(next() * hosts.length)] as Text
      const place = breakOf(host.text, Math.floor(next() * host.text.length))
      const text = `${host.text.slice(0, place)} ${one.text} ${host.text.slice(place)}`
      return [
        { ...one, text },
        { ...host, group: one.group },
      ]
    })
}

/** The first end of a word from a place on. */
function breakOf(text: string, from: number): number {
  const at = text.indexOf(' ', from)
  return at < 0 ? text.length : at
}

/** Passages of texts, by head: every division of the sources learns from the same ones. */
const chosenOf = { prompt: new WeakMap<Text, Int32Array[]>(), document: new WeakMap<Text, Int32Array[]>() }

/** The passages of texts; of an attack all, of an ordinary text some. */
export function examplesOf(head: HeadName, texts: readonly Text[]): Example[] {
  return texts.flatMap((one, number) => {
    const { text, attack, source } = one
    const chosen = chosenOf[head].get(one) ?? some(passagesOf(text, BLOCK[head]), attack, text)
    chosenOf[head].set(one, chosen)
    const weight = source === 'triggers' ? TRIGGER_WEIGHT[head] : 1
    return chosen.map((buckets) => ({
      buckets,
      attack,
      weight: attack ? 1 / Math.sqrt(chosen.length) : weight,
      text: number,
    }))
  })
}

function some(passages: Int32Array[], attack: boolean, text: string): Int32Array[] {
  if (attack || passages.length <= MAX_ORDINARY) return passages
  const first = Math.floor(random(text.length)() * (passages.length - MAX_ORDINARY + 1))
  return passages.slice(first, first + MAX_ORDINARY)
}

/** Of each attack, the passages that a first model takes for the most telling: the others are the document around it. */
export function telling(examples: readonly Example[], score: (buckets: Int32Array) => number): Example[] {
  const best = new Map<number, { example: Example; raw: number }[]>()
  for (const example of examples) {
    if (!example.attack) continue
    const own = best.get(example.text) ?? []
    own.push({ example, raw: score(example.buckets) })
    own.sort((one, other) => other.raw - one.raw)
    best.set(example.text, own.slice(0, 2))
  }
  return [
    ...examples.filter(({ attack }) => !attack),
    ...[...best.values()].flat().map(({ example }) => ({ ...example, weight: 1 })),
  ]
}

export { DIRECT, INDIRECT, ORDINARY }
