import { randomBytes } from 'node:crypto'
import type { Lake } from '../lake/lake.ts'

/** A saved SQL query, with the default values of its parameters. */
export interface SavedQuestion {
  id: string
  name: string
  sql: string
  parameters: Readonly<Record<string, string | null>>
  /**
   * Whether everybody who may query in SQL here sees it. It runs with the rights of the person who runs it.
   */
  shared: boolean
  owner: { subject: string; name: string }
  saved: string
}

/** Saved queries: `control/saved/<id>.json`, a file each, never rewritten. */
export interface SavedQuestions {
  /** A person's own, and those that others share. */
  of(subject: string): Promise<SavedQuestion[]>
  /**
   * Saves a query, in place of the person's own one of that name.
   *
   * @returns undefined when this person has saved too many
   */
  save(question: Omit<SavedQuestion, 'id'>): Promise<SavedQuestion | undefined>
  /** False when this person has no such query; `anyShared` also removes queries that others share. */
  remove(subject: string, id: string, anyShared: boolean): Promise<boolean>
}

const FOLDER = 'control/saved'
/** Questions of one person. */
const MAX = 200
/** How long what is known is taken for true: what another server saves is seen here after it. */
const KNOWN_MS = 5_000

export function openSaved({ storage }: Pick<Lake, 'storage'>, now: () => Date): SavedQuestions {
  let known: { atMs: number; all: Promise<SavedQuestion[]> } | undefined
  /** Files never change, so each is read once. */
  const read = new Map<string, SavedQuestion>()

  async function readAll(): Promise<SavedQuestion[]> {
    const found: SavedQuestion[] = []
    for await (const { key } of storage.list(FOLDER)) {
      const question = read.get(key) ?? (await readOne(key))
      if (!question) continue
      read.set(key, question)
      found.push(question)
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** A query removed meanwhile, or an invalid file, is left out. */
  async function readOne(key: string): Promise<SavedQuestion | undefined> {
    const bytes = await storage.find(key)
    if (!bytes) return undefined
    try {
      return JSON.parse(Buffer.from(bytes).toString()) as SavedQuestion
    } catch {
      return undefined
    }
  }

  function all(): Promise<SavedQuestion[]> {
    if (!known || now().getTime() - known.atMs > KNOWN_MS) {
      known = { atMs: now().getTime(), all: readAll() }
      known.all.catch(() => {
        known = undefined
      })
    }
    return known.all
  }

  return {
    async of(subject) {
      return (await all()).filter(({ owner, shared }) => shared || owner.subject === subject)
    },
    async save(question) {
      known = undefined
      const own = (await all()).filter(({ owner }) => owner.subject === question.owner.subject)
      const before = own.filter(({ name }) => name === question.name)
      if (before.length === 0 && own.length >= MAX) return undefined
      const kept = { id: randomBytes(8).toString('hex'), ...question }
      await storage.create(`${FOLDER}/${kept.id}.json`, Buffer.from(JSON.stringify(kept)))
      for (const { id } of before) await storage.remove(`${FOLDER}/${id}.json`)
      known = undefined
      return kept
    },
    async remove(subject, id, anyShared) {
      known = undefined
      const found = (await all()).find((one) => one.id === id)
      if (!found || !(found.owner.subject === subject || (anyShared && found.shared))) return false
      await storage.remove(`${FOLDER}/${found.id}.json`)
      known = undefined
      return true
    },
  }
}
