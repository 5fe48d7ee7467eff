import { CommanderError } from 'commander'
import { questionsGivenUp } from '../query/bounds.ts'
import { programWith } from './program.ts'
import { EXIT, keepToOurselves, leaveQuietly, tell } from './show/output.ts'

/** Words of a call among which its command is looked for. */
const BEFORE = 8

async function main(given: readonly string[]): Promise<number> {
  leaveQuietly()
  keepToOurselves()
  // SQL may start with a comment, `--`, which is not an option.
  const args = given.map((arg) => (/^--\s/.test(arg) ? ` ${arg}` : arg))
  // Of a call that begins with an option, the command stands behind its value: it is needed to say where
  // options go.
  const called = args[0]?.startsWith('-') ? args.slice(0, BEFORE) : args.slice(0, 1)
  const program = await programWith((name) => called.includes(name), args)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? EXIT.done)
  } catch (thrown) {
    // Commander has already printed the error.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.mistake
    return tell(thrown, args.includes('--debug'))
  }
}

/**
 * Node waits for all work of its threads, even in `process.exit`: a question that was given up may go on for
 * minutes.
 */
function leaveWhatIsGivenUp(): void {
  if (questionsGivenUp() === 0) return
  process.removeAllListeners('SIGTERM')
  process.kill(process.pid, 'SIGTERM')
}

process.exitCode = await main(process.argv.slice(2))
leaveWhatIsGivenUp()
