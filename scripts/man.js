// Writes man/loglake.1 from the commands: `npm run man`, after `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { manPage } from '../dist/cli/man.js'

mkdirSync('man', { recursive: true })
writeFileSync('man/loglake.1', await manPage())
