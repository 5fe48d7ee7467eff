// tsc carries .ts only; the .sql files that lie beside it go along here.
import { cpSync } from 'node:fs'

cpSync('src', 'dist', {
  recursive: true,
  filter: (path) => !path.includes('.') || path.endsWith('.sql'),
})
