#!/usr/bin/env node
/**
 * The first file of the program. Node's pool of threads gets its size on first use, and an ES module is read by
 * means of it: only CommonJS can still set it.
 */
import type * as Os from 'node:os'

/** Commands that serve people; for all others, more threads would only take more memory. */
const SERVING = ['serve', 'demo']
/** As many as Node has by itself: for files, names and compression, while every place for a statement is taken. */
const NODES_OWN = 4

const { availableParallelism } = require('node:os') as typeof Os

// Every statement in DuckDB holds a thread while it runs, and `placesOf` in src/api/services.ts lets in two more
// than there are processors.
if (SERVING.includes(process.argv[2] ?? ''))
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 2 + NODES_OWN)

// Node says by 13 that a program ended before its work did, but only where the first file is an ES module.
const UNFINISHED = 13
const unfinished = () => {
  process.exitCode = UNFINISHED
}
process.once('beforeExit', unfinished)
void import('./main.ts').then(() => process.off('beforeExit', unfinished))
