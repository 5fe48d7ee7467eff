import type { Command } from 'commander'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, wholeNumber } from '../options.ts'
import { startServing } from '../serving.ts'
import { print } from '../show/output.ts'

interface Options extends CommonOptions {
  host?: string
  port?: number
  as?: string
  people?: string
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--host <address>', 'the address to listen on (default: as configured, or 127.0.0.1)')
    .option(
      '--port <number>',
      'the port; 0 for any that is free (default: as configured, or 8600)',
      wholeNumber(0),
    )
    .option('--people <file>', 'a CSV file that says who is whose manager (default: as configured)')
    .option('--as <role>', 'look as another role where nobody signs in, as in manager:ana@example.com')
    .action(serve)
  examples(
    command,
    ['loglake serve', 'the web application at http://127.0.0.1:8600/'],
    ['loglake serve --port 0 --lake /tmp/demo-lake', 'at any port that is free'],
    ['loglake serve --people people.csv --as manager:ana@example.com', 'as a manager sees it'],
  )
  command.addHelpText(
    'after',
    '\nEvery call is recorded in the table access_log before anything is shown. `serve` in loglake.yaml says how people sign in.',
  )
}

async function serve(options: Options): Promise<void> {
  const opened = await openExisting(options)
  const { host, port } = opened.config.values.serve
  const serving = await startServing(opened, {
    host: options.host ?? host,
    port: options.port ?? port,
    as: options.as,
    people: options.people,
  })
  await print(`${serving.url}\n`)
  await untilStopped()
  await serving.close()
}

/** Until Ctrl-C, or until a supervisor ends the process. */
export function untilStopped(): Promise<void> {
  return new Promise((stopped) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped())
  })
}
