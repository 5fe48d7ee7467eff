import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Lake } from '../lake/lake.ts'
import { sentence } from '../lib/errors.ts'
import type { Role } from '../query/reader.ts'

/**
 * API tokens: `llk_`, 43 letters and digits (256 bits) and a checksum of 6, by which secret scanners
 * recognise one. The lake stores only their SHA-256: `control/token/<id>.json`.
 */
export interface Token {
  id: string
  name: string
  scopes: readonly string[]
  owner: { subject: string; name: string; role: Role }
  created: string
  expires: string
}

export interface Tokens {
  of(subject: string): Promise<(Token & { lastUsed: string | null })[]>
  create(token: Omit<Token, 'id'>): Promise<{ id: string; token: string }>
  /** False when this person has no such token. */
  revoke(subject: string, id: string): Promise<boolean>
  /** The token, unless it is unknown or expired. */
  find(token: string): Promise<Token | undefined>
}

interface Kept extends Token {
  sha256: string
}

const FOLDER = 'control/token'
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 43
const FORM = /^llk_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/
/** How long tokens are cached: one revoked through another server stops working here after it. */
const KNOWN_MS = 5_000

export function openTokens({ storage }: Pick<Lake, 'storage'>, now: () => Date): Tokens {
  let known: { atMs: number; all: Promise<Kept[]> } | undefined
  const used = new Map<string, string>()

  async function read(): Promise<Kept[]> {
    const found: Kept[] = []
    for await (const { key } of storage.list(FOLDER)) {
      const bytes = await storage.find(key)
      if (!bytes) continue
      try {
        found.push(JSON.parse(Buffer.from(bytes).toString()) as Kept)
      } catch (thrown) {
        // An invalid file grants nothing; it is not ours to remove.
        if (!(thrown instanceof SyntaxError)) throw new Error(sentence(thrown), { cause: thrown })
      }
    }
    return found
  }

  function all(): Promise<Kept[]> {
    if (!known || now().getTime() - known.atMs > KNOWN_MS) {
      known = { atMs: now().getTime(), all: read() }
      known.all.catch(() => {
        known = undefined
      })
    }
    return known.all
  }

  return {
    async of(subject) {
      const own = (await all()).filter(({ owner }) => owner.subject === subject)
      return own.map(({ sha256: _, ...token }) => ({ ...token, lastUsed: used.get(token.id) ?? null }))
    },
    async create(token) {
      const text = newToken()
      const id = randomBytes(8).toString('hex')
      const kept: Kept = { id, ...token, sha256: hashOf(text) }
      await storage.create(`${FOLDER}/${id}.json`, Buffer.from(JSON.stringify(kept)))
      known = undefined
      return { id, token: text }
    },
    async revoke(subject, id) {
      const found = (await all()).find((one) => one.id === id && one.owner.subject === subject)
      if (!found) return false
      await storage.remove(`${FOLDER}/${found.id}.json`)
      known = undefined
      return true
    },
    async find(token) {
      if (!isWhole(token)) return undefined
      const wanted = Buffer.from(hashOf(token), 'hex')
      const found = (await all()).find(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), wanted))
      if (!found || found.expires <= now().toISOString()) return undefined
      used.set(found.id, now().toISOString())
      const { sha256: _, ...rest } = found
      return rest
    },
  }
}

function newToken(): string {
  let text = ''
  while (text.length < LENGTH) {
    for (const byte of randomBytes(64)) {
      // Bytes beyond a multiple of 62 would make some letters more likely.
      if (byte < 248 && text.length < LENGTH) text += LETTERS[byte % 62]
    }
  }
  return `llk_${text}${checksum(text)}`
}

function isWhole(token: string): boolean {
  const [, text, sum] = FORM.exec(token) ?? []
  return text !== undefined && checksum(text) === sum
}

/** The first 35 bits of SHA-256 as six letters and digits. */
function checksum(text: string): string {
  let number = BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 16)}`)
  let sum = ''
  for (let at = 0; at < 6; at++) {
    sum += LETTERS[Number(number % 62n)]
    number /= 62n
  }
  return sum
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
