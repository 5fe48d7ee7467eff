import type { Reader } from '../query/reader.ts'

/**
 * Who may call which operation: the rows of the table in docs/serve.md. Which rows of logs they see is
 * decided elsewhere.
 */

/** Roles that see rows of logs: all rows, or those of their people. */
export function everybodyWithRows({ role }: Reader): boolean {
  return role === 'operator' || role === 'analyst' || role === 'manager'
}

/** Roles that see every row. */
export function seesEverything({ role }: Reader): boolean {
  return role === 'operator' || role === 'analyst'
}

/** The same without a limit to accounts or Regions: a limited reader must not learn that other rows exist. */
export function seesEveryRow(reader: Reader): boolean {
  return seesEverything(reader) && !isLimited(reader)
}

function isLimited({ accounts, regions, people }: Reader): boolean {
  return accounts !== undefined || regions !== undefined || people !== undefined
}

/**
 * Hides the number of files from readers with a limit: filters exclude files by their values, so the number
 * would reveal whether other people's rows have one.
 */
export function visibleFiles(reader: Reader, files: Files): Files {
  return seesEveryRow(reader) ? files : { read: 0, all: 0 }
}

export interface Files {
  read: number
  all: number
}

/** Auditors query the tables of reviews and of access in SQL. */
export function asksSql({ role }: Reader): boolean {
  return role !== 'asked'
}

/** People who may query in SQL: a token may query, but store nothing. */
export function savesQuestions(reader: Reader): boolean {
  return asksSql(reader) && reader.signedIn !== 'token'
}

/** A token never reviews. */
export function reviews({ signedIn, role }: Reader): boolean {
  return signedIn !== 'token' && role !== 'auditor'
}

/** Who has reviews to give to a stand-in: managers, never tokens. */
export function handsOver({ signedIn, role }: Reader): boolean {
  return signedIn !== 'token' && role === 'manager'
}

/** Who sees the list of stand-ins. */
export function seesStandIns(reader: Reader): boolean {
  return reader.signedIn !== 'token' && seesReports(reader)
}

/** Reports count the sessions of all accounts. */
export function seesReports({ role, accounts, regions }: Reader): boolean {
  if (accounts || regions) return false
  return role === 'operator' || role === 'auditor' || role === 'manager'
}

export function signedInPerson({ signedIn }: Reader): boolean {
  return signedIn !== 'token'
}

/** Who sees the access log. */
export function audits(reader: Reader): boolean {
  return (reader.role === 'operator' || reader.role === 'auditor') && !isLimited(reader)
}

/** Who has rejected records read again: operators, never tokens. */
export function replays(reader: Reader): boolean {
  return runsIt(reader) && signedInPerson(reader)
}

/** Operators of loglake. */
export function runsIt(reader: Reader): boolean {
  return reader.role === 'operator' && seesEveryRow(reader)
}
