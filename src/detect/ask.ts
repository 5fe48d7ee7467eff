import { sql } from '../lib/sql.ts'

/** The questions about findings, by the names of their files in `questions/`. */
export type Question =
  | 'findings'
  | 'finding'
  | 'groups'
  | 'counts'
  | 'failures'
  | 'history'
  | 'suppressions'
  | 'rules'

export function question(name: Question): string {
  return sql(new URL(`./questions/${name}.sql`, import.meta.url), {
    suppressions: suppressionsSql(),
    where: sql(new URL('./sql/finding-where.sql', import.meta.url)),
  })
}

/** A query for suppressions as they stand, with how much each hides. */
export function suppressionsSql(): string {
  return sql(new URL('./sql/suppressions.sql', import.meta.url), hidingParts('suppression', 'state'))
}

/**
 * Parts of a statement that tells what suppressions hide.
 *
 * @param suppressions the table's rows, as a table or a statement in brackets
 * @param finding what the finding is called in the statement
 */
export function hidingParts(suppressions: string, finding: string): { suppressed: string; hides: string } {
  return {
    suppressed: sql(new URL('./sql/suppressed.sql', import.meta.url), { suppressions }),
    hides: sql(new URL('./sql/hides.sql', import.meta.url), { finding }),
  }
}
