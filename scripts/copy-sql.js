// tsc carries .ts only; the .sql and .csv files that lie beside it go along here, and the program may be run by its name.
import { chmodSync, cpSync } from 'node:fs'

cpSync('src', 'dist', {
  recursive: true,
  filter: (path) => !path.includes('.') || /\.(sql|csv)$/.test(path),
})
chmodSync('dist/cli/main.js', 0o755)
