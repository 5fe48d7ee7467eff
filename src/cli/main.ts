#!/usr/bin/env node
import { CommanderError } from 'commander'
import { keepSecret } from '../lib/secrets.ts'
import { programWith } from './program.ts'
import { EXIT, keepToOurselves, leaveQuietly, tell } from './show/output.ts'

async function main(given: readonly string[]): Promise<number> {
  leaveQuietly()
  keepToOurselves()
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'LOGLAKE_HASH_KEY'])
    keepSecret(process.env[name] ?? '')
  // SQL may begin with a comment: that is no option.
  const args = given.map((arg) => (/^--\s/.test(arg) ? ` ${arg}` : arg))
  const called = args.find((arg) => !arg.startsWith('-'))
  const program = await programWith((name) => name === called)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? EXIT.done)
  } catch (thrown) {
    // Commander has said already what was wrong.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.mistake
    return tell(thrown, args.includes('--debug'))
  }
}

process.exitCode = await main(process.argv.slice(2))
