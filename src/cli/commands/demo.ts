import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { detect } from '../../detect/follower.ts'
import { catchUp } from '../../follow/follow.ts'
import { followersWith, followerViews } from '../../followers/index.ts'
import type { Lake } from '../../lake/lake.ts'
import { UserError } from '../../lib/errors.ts'
import { ownViews } from '../../query/own-views.ts'
import { ask } from '../../query/question.ts'
import { folder } from '../../sources/folder.ts'
import { logTables } from '../../tables/index.ts'
import { followOptions } from '../../workspace/following.ts'
import { memoryText } from '../../workspace/limits.ts'
import { type Opened, openLocation } from '../../workspace/open.ts'
import { DEMO_LAKE, markDemo, refuseOtherLogs } from '../demo-mark.ts'
import { examples, wholeNumber } from '../options.ts'
import { runIngest } from '../run.ts'
import { startServing } from '../serving.ts'
import { printAnswer } from '../show/answer.ts'
import { paint, print } from '../show/output.ts'
import { totalsText } from '../show/totals.ts'
import { untilStopped } from './serve.ts'

/** First questions of a new user; a question is answered by one or more tables. */
const questions = [
  {
    title: 'Who did what in Session Manager?',
    answers: [
      {
        file: 'sessions.sql',
        about: 'Every session, refused and silent ones too, and what else its person called around it',
      },
      { file: 'session-text.sql', about: 'What was shown in the one with most refused calls' },
    ],
  },
  {
    title: 'What tools did agents use, and was that appropriate?',
    answers: [
      { file: 'tools.sql', about: 'Tools by agent' },
      { file: 'odd-run.sql', about: 'The run that used tools which no other run of its agent used' },
    ],
  },
  {
    title: 'Who uses which model and endpoint, at what cost?',
    answers: [{ file: 'models.sql', about: 'Cost by the price list; an endpoint is paid by the hour' }],
  },
  {
    title: 'What is wrong, and what proves it?',
    answers: [
      { file: 'findings.sql', about: 'What rules, scanners and baselines found that waits for somebody' },
      { file: 'proof.sql', about: 'The rows that prove the worst of it' },
    ],
  },
]

export function define(command: Command): void {
  command
    .option('--lake <dir>', 'where the lake of the samples is', DEMO_LAKE)
    .option('--no-serve', 'end after the answers, and open nothing in a browser')
    .option(
      '--port <number>',
      'the port of the web application; 0 for any that is free',
      wholeNumber(0),
      8600,
    )
    .option('--debug', 'show where in the program an error arose')
    .action(demo)
  examples(command, ['loglake demo'], ['loglake demo --lake /tmp/demo-lake'])
  command.addHelpText(
    'after',
    '\nThe samples are the logs of an invented organisation: no account, person or address is real.',
  )
}

interface DemoOptions {
  lake: string
  serve: boolean
  port: number
}

const SAMPLES = new URL('../../../samples/logs/', import.meta.url)

async function demo(options: DemoOptions): Promise<void> {
  const opened = openLocation(options)
  const { lake, location } = opened
  await refuseOtherLogs(lake, location)
  await markDemo(lake)
  const { bold, dim } = paint(process.stdout)
  await print(`${bold(`Sample logs of an invented organisation → ${location}`)}\n\n`)
  const account = await runIngest(lake, folder([fileURLToPath(SAMPLES)]), { memory: memoryText(640 << 20) })
  if (!account) return
  await catchUp(lake, detect({ tables: logTables }), { limits: { memory: memoryText(256 << 20) } })
  await print(`${totalsText(account, location, paint(process.stdout)).join('\n')}\n`)
  for (const [index, { title, answers }] of questions.entries()) {
    await print(`\n${bold(`${index + 1}. ${title}`)}\n`)
    for (const { file, about } of answers) {
      const sql = readFileSync(new URL(`../demo/${file}`, import.meta.url), 'utf8').trim()
      await print(`\n${about}:\n\n${dim(indented(sql))}\n\n`)
      await show(lake, sql)
    }
  }
  await print(
    `\nYour turn:  loglake queries --lake ${location}\n            loglake findings --lake ${location}\n            loglake query "from session" --lake ${location}\n`,
  )
  // The reader of a pipe or a file would wait for the server to end.
  if (options.serve && process.stdout.isTTY) await openInBrowser(opened, options.port)
}

const PEOPLE = new URL('../../../samples/people.csv', import.meta.url)

/** Serves the lake until Ctrl-C, with summaries of all its rows. */
async function openInBrowser(opened: Opened, port: number): Promise<void> {
  const { values } = opened.config
  for (const follower of followersWith(values)) await catchUp(opened.lake, follower, followOptions(values))
  const how = { host: '127.0.0.1', people: fileURLToPath(PEOPLE) }
  const serving = await startServing(opened, { ...how, port }).catch(async (thrown) => {
    // Another program, or another demo, uses the port.
    if (!(thrown instanceof UserError)) throw thrown
    return await startServing(opened, { ...how, port: 0 })
  })
  await print(`\nIn a browser: ${paint(process.stdout).bold(serving.url)}  (Ctrl-C ends it)\n`)
  await untilStopped()
  await serving.close()
}

async function show(lake: Lake, sql: string): Promise<void> {
  const answer = await ask(lake, sql, { views: [...ownViews(), ...followerViews()] })
  try {
    await printAnswer('table', answer.columns, answer.rows())
  } finally {
    answer.close()
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}
