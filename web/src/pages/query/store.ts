/** A question that a person asked, or saved before servers kept any, in this browser alone. */
export interface Kept {
  readonly name: string
  readonly sql: string
  readonly at: number
}

const MOST = 50

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
    localStorage.setItem(key, JSON.stringify(questions.slice(0, MOST)))
  } catch {
    // A full or closed store keeps nothing.
  }
}

export const kept = (): Kept[] => read('questions')
export const past = (): Kept[] => read('history')

/** One that the server keeps now. */
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
