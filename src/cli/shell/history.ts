import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Questions that the next shell remembers. */
export const HISTORY_SIZE = 1000

/** The file of past questions: `LOGLAKE_HISTORY`, where an empty text switches it off, or `loglake/history` in XDG's state folder. */
export function historyFile(environment = process.env): string | undefined {
  const named = environment.LOGLAKE_HISTORY
  if (named !== undefined) return named === '' ? undefined : named
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'loglake', 'history')
}

/** Past questions, the newest first, as readline wants them. A file that cannot be read is no history. */
export function readHistory(file: string | undefined): string[] {
  if (file === undefined || !existsSync(file)) return []
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines
      .filter((line) => line !== '')
      .slice(-HISTORY_SIZE)
      .reverse()
  } catch {
    return []
  }
}

/** Remembers a question, for this user alone. What cannot be written is not remembered. */
export function remember(file: string | undefined, question: string): void {
  if (file === undefined) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    appendFileSync(file, `${question}\n`, { mode: 0o600 })
  } catch {}
}

/** A question of several lines as one line, where that does not change what it means: a comment would swallow what follows it. */
export function oneLine(question: string): string | undefined {
  if (!question.includes('\n')) return question
  return /--|'[^']*\n[^']*'|"[^"]*\n[^"]*"|\$\$/.test(question)
    ? undefined
    : question.replace(/\s*\n\s*/g, ' ')
}
