/** Questions that a person saved or asked, in this browser alone. */
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

export function keep(name: string, sql: string): void {
  write('questions', [{ name, sql, at: Date.now() }, ...kept().filter((one) => one.name !== name)])
}

export function remember(sql: string): void {
  write('history', [{ name: '', sql, at: Date.now() }, ...past().filter((one) => one.sql !== sql)])
}
