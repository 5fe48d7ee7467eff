import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Questions kept in the history. */
export const HISTORY_SIZE = 1000

/**
 * The history file: `LOGLAKE_HISTORY`, where an empty value disables it, or `loglake/history` in XDG's state
 * folder.
 */
export function historyFile(environment = process.env): string | undefined {
  const named = environment.LOGLAKE_HISTORY
  if (named !== undefined) return named === '' ? undefined : named
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'loglake', 'history')
}

/** The history, newest first, as readline expects it. An unreadable file is an empty history. */
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

/** Adds a question to the history, which only this user can read. Errors are ignored. */
export function remember(file: string | undefined, question: string): void {
  if (file === undefined) return
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    appendFileSync(file, `${question}\n`, { mode: 0o600 })
  } catch {}
}

/** Joins the lines of a question where this keeps its meaning: a `--` comment would swallow the rest. */
export function oneLine(question: string): string | undefined {
  if (!question.includes('\n')) return question
  return /--|'[^']*\n[^']*'|"[^"]*\n[^"]*"|\$\$/.test(question)
    ? undefined
    : question.replace(/\s*\n\s*/g, ' ')
}
