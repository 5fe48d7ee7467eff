/** A query stored in this browser: of the history, or saved before the server could save any. */
export interface Kept {
  readonly name: string
  readonly sql: string
  readonly at: number
}

const MAX = 50

function read(key: string): Kept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(found) ? (found as Kept[]) : []
  } catch {
    return []
  }
}

function write(key: string, questions: readonly Kept[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(questions.slice(0, MAX)))
  } catch {
    // Local storage is full or not allowed: nothing is stored.
  }
}

export const kept = (): Kept[] => read('questions')
export const past = (): Kept[] => read('history')

/** Removes a query that the server stores now. */
export function forget(name: string): void {
  if (kept().some((one) => one.name === name))
    write(
      'questions',
      kept().filter((one) => one.name !== name),
    )
}

export function remember(sql: string): void {
  write('history', [{ name: '', sql, at: Date.now() }, ...past().filter((one) => one.sql !== sql)])
}
