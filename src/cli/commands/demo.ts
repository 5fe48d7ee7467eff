import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Lake } from '../../lake/lake.ts'
import { UserError } from '../../lib/errors.ts'
import { ask } from '../../query/question.ts'
import { folder } from '../../sources/folder.ts'
import { accountText } from '../account.ts'
import { printAnswer } from '../answer.ts'
import { memoryText } from '../limits.ts'
import { openPlace } from '../open.ts'
import { examples } from '../options.ts'
import { paint, print } from '../output.ts'
import { runIngest } from '../run.ts'

/** What a person asks first; a question is answered by one table or more. */
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
]

export function define(command: Command): void {
  command
    .option('--lake <dir>', 'where the lake is', './lake')
    .option('--debug', 'show where in the program an error arose')
    .action(demo)
  examples(command, ['loglake demo'], ['loglake demo --lake /tmp/lake'])
  command.addHelpText(
    'after',
    '\nThe samples are the logs of an invented organisation: no account, person or address is real.',
  )
}

const SAMPLES = new URL('../../../samples/logs/', import.meta.url)

async function demo(options: { lake: string }): Promise<void> {
  const { lake, place } = openPlace(options)
  await refuseOtherLogs(lake, place)
  const { bold, dim } = paint(process.stdout)
  await print(`${bold(`Sample logs of an invented organisation → ${place}`)}\n\n`)
  const account = await runIngest(lake, folder([fileURLToPath(SAMPLES)]), { memory: memoryText(640 << 20) })
  if (!account) return
  await print(`${accountText(account, place, paint(process.stdout)).join('\n')}\n`)
  for (const [index, { title, answers }] of questions.entries()) {
    await print(`\n${bold(`${index + 1}. ${title}`)}\n`)
    for (const { file, about } of answers) {
      const sql = readFileSync(new URL(`../demo/${file}`, import.meta.url), 'utf8').trim()
      await print(`\n${about}:\n\n${dim(indented(sql))}\n\n`)
      await show(lake, sql)
    }
  }
  const call = place === 'lake' ? '' : ` --lake ${place}`
  await print(
    `\nYour turn:  npx loglake queries${call}\n            npx loglake query${call} "from session"\n`,
  )
}

async function show(lake: Lake, sql: string): Promise<void> {
  const answer = await ask(lake, sql)
  try {
    await printAnswer('table', answer.columns, answer.rows())
  } finally {
    answer.close()
  }
}

/** The samples must not end up among somebody's own logs. */
async function refuseOtherLogs(lake: Lake, place: string): Promise<void> {
  if (!(await lake.exists())) return
  const answer = await ask(lake, 'select 1 from ledger where not contains(lake_object, $1) limit 1', {
    values: ['/samples/logs/'],
    views: [],
  })
  try {
    for await (const _ of answer.rows())
      throw new UserError(`the lake in ${place} holds other logs than the samples: name another with --lake`)
  } finally {
    answer.close()
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}
