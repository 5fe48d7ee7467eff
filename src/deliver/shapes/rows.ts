import { each, type Shape } from './contract.ts'

/**
 * Null columns are omitted; JSON columns are texts, so that receivers do not create a field for every key of
 * a log.
 */
export const rows: Shape = {
  name: 'rows',
  doc: 'The row as it is in the table: flat JSON, one field a column.',
  whyNot: () => undefined,
  open: async () => ({ ...each((row) => row), isAsRead: true }),
}
