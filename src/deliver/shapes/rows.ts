import { each, type Shape } from './contract.ts'

/** Null columns are left out; JSON columns are texts, so that no receiver makes a field of every key of a log. */
export const rows: Shape = {
  name: 'rows',
  doc: 'The row as it is in the table: flat JSON, one field a column.',
  whyNot: () => undefined,
  open: async () => each((row) => row),
}
