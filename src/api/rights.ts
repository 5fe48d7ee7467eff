import type { Reader } from '../query/reader.ts'

/** Who may call what: the rows of the table in docs/serve.md. Which rows they see is not decided here. */

/** Those who see rows of logs: all, or those of their people. */
export function everybodyWithRows({ role }: Reader): boolean {
  return role === 'operator' || role === 'analyst' || role === 'manager'
}

/** Those who see every row. */
export function seesEverything({ role }: Reader): boolean {
  return role === 'operator' || role === 'analyst'
}

/** The same, and no account or Region limits them: who is limited is not told what is there beside their own rows. */
export function seesEveryRow(reader: Reader): boolean {
  return seesEverything(reader) && !reader.accounts && !reader.regions && !reader.people
}

/** How many files an answer needed. Filters leave files out by their values, so the number tells whether others' rows have one. */
export function filesTold(reader: Reader, files: Files): Files {
  return seesEveryRow(reader) ? files : { read: 0, all: 0 }
}

export interface Files {
  read: number
  all: number
}

/** An auditor asks the tables of reviews and of access in SQL. */
export function asksSql({ role }: Reader): boolean {
  return role !== 'asked'
}

/** Who asks SQL and is a person: a token asks, and leaves nothing behind. */
export function savesQuestions(reader: Reader): boolean {
  return asksSql(reader) && reader.signedIn !== 'token'
}

/** A token never reviews. */
export function reviews({ signedIn, role }: Reader): boolean {
  return signedIn !== 'token' && role !== 'auditor'
}

/** Who has reviews that another can be given: a manager, and never a token. */
export function handsOver({ signedIn, role }: Reader): boolean {
  return signedIn !== 'token' && role === 'manager'
}

/** Who sees who stands in for whom. */
export function seesStandIns(reader: Reader): boolean {
  return reader.signedIn !== 'token' && seesReports(reader)
}

export function seesReports({ role }: Reader): boolean {
  return role === 'operator' || role === 'auditor' || role === 'manager'
}

export function signedInPerson({ signedIn }: Reader): boolean {
  return signedIn !== 'token'
}

/** Who sees who was shown what. */
export function audits({ role }: Reader): boolean {
  return role === 'operator' || role === 'auditor'
}

/** Who runs loglake. */
export function runsIt({ role }: Reader): boolean {
  return role === 'operator'
}
