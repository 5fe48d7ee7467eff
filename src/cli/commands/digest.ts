import { type Command, Option } from 'commander'
import type { Digest } from '../../analyze/digest/digest.ts'
import { digestPage } from '../../analyze/report/digest-page.ts'
import { sendEach } from '../../analyze/run/send-each.ts'
import { digest as operation } from '../../api/operations/digest.ts'
import { openQueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { digestOutgoing } from '../analyze/digest-outgoing.ts'
import { type SelectOptions, selectOptions } from '../analyze/selected.ts'
import { checkDestinations, PAGE_FORMATS, type PageFormat, pageText, sendTo } from '../analyze/send.ts'
import { collect, commonOptions, examples, wholeNumber } from '../options.ts'
import { reading } from '../reading.ts'
import { note, print } from '../show/output.ts'
import { writeText } from '../show/sink.ts'

interface Options extends CommonOptions, SelectOptions {
  days?: number
  lines: number
  ids: number
  format: PageFormat
  output?: string
  to?: string[]
}

export function define(command: Command): void {
  selectOptions(commonOptions(command))
    .option('--days <number>', 'days before the window that it is held against', wholeNumber(1))
    .option('--lines <number>', 'most lines of each kind', wholeNumber(1), 20)
    .option('--ids <number>', 'most ids of events of a line', wholeNumber(1), 5)
    .addOption(new Option('--format <format>', 'how to write it').choices(PAGE_FORMATS).default('markdown'))
    .option('--output <file>', 'write it to a file')
    .option('--to <name>', 'send it to a destination of loglake.yaml; may be given again', collect)
    .action(digest)
  examples(
    command,
    ['loglake digest', 'the last day of the lake, against the two weeks before'],
    ['loglake digest --since 7d --service iam --format html --output digest.html'],
    ['loglake digest --principal "*via Admin" --to security-topic'],
  )
  command.addHelpText(
    'after',
    `
What is told: deleted or switched off, refused, louder than in the same hour of past days, done for the first time, hardly ever done
here. No model reads anything. Every line names events (\`loglake record ID\`). See docs/analyze.md.`,
  )
}

async function digest(options: Options): Promise<void> {
  const opened = await openExisting(options)
  const { to = [], format, days, lines, ids } = options
  checkDestinations(opened.config.values, to)
  const queryEngine = await openQueryEngine(opened.lake, {
    limits: limitsOf(opened.config.values.query),
    views: viewsOf(opened.config),
  })
  let made: Digest
  try {
    const { json } = await reading(opened, queryEngine)
    const { since, until, account: accounts, inRegion: regions, service, principal } = options
    const selection = { since, until, accounts, regions, services: service, principals: principal }
    made = await json<Digest>(operation, { ...selection, days, lines, ids })
  } finally {
    queryEngine.close()
  }
  const text = pageText(digestPage(made), made, format)
  if (options.output !== undefined) await writeText(options.output, text)
  await sendEach(to, async (name) => {
    await sendTo(opened.config.values, name, digestOutgoing(made, text), new AbortController().signal)
    note(`sent to ${name}`)
  })
  if (options.output === undefined && to.length === 0) await print(text)
}
