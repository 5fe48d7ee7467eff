import type { Command } from 'commander'
import { agentOperations } from '../../agent/index.ts'
import { keepCommitting } from '../../api/access-table.ts'
import { operations } from '../../api/index.ts'
import { sentence } from '../../lib/errors.ts'
import { withoutSecrets } from '../../lib/secrets.ts'
import type { Reader } from '../../query/reader.ts'
import { serveMcpOnStdio } from '../../server/mcp/stdio.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples } from '../options.ts'
import { agentOf, openAsking, readerAs } from '../serving.ts'
import { note } from '../show/output.ts'
import { userName } from '../user-name.ts'
import { untilStopped } from './serve.ts'

interface Options extends CommonOptions {
  as?: string
  people?: string
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--as <role>', 'look as a role, as in analyst or manager:ana@example.com (default: operator)')
    .option('--people <file>', 'a CSV file that says who is whose manager (default: as configured)')
    .action(serveMcp)
  examples(
    command,
    ['loglake mcp --lake /data/lake', 'what an MCP client starts: messages on standard input and output'],
    ['loglake mcp --as analyst', 'without texts that people wrote to models, and without the access log'],
    ['claude mcp add loglake -- loglake mcp --lake /data/lake', 'adds it to Claude Code'],
  )
  command.addHelpText(
    'after',
    '\nOver HTTP, `loglake serve` has the same at /mcp, with API tokens. Every call is recorded in the table access_log. ' +
      'Set-ups of usual clients: docs/mcp.md.',
  )
}

/** Interval between commits of the access log. */
const COMMIT_MS = 60_000

async function serveMcp(options: Options): Promise<void> {
  const opened = await openExisting(options)
  const asking = await openAsking(opened, { people: options.people, notice: null })
  const who = options.as ?? `operator:${userName()}`
  const reader: Reader = { ...(await readerAs(who, asking.known)()), signedIn: 'shell' }
  const all = [...operations, ...agentOperations(agentOf(opened))]
  const waits = (thrown: unknown) =>
    note(withoutSecrets(`the access log waits in ${asking.folder}: ${sentence(thrown)}`))
  const committing = keepCommitting(opened.lake, asking.accessLog, COMMIT_MS, waits)
  const { close, gone } = serveMcpOnStdio(asking.services, all, reader, (id, thrown) =>
    note(withoutSecrets(`${id} ${sentence(thrown)}`)),
  )
  await Promise.race([untilStopped(), gone])
  await close()
  await committing.stop()
  await asking.close()
}
