import type { Command } from 'commander'
import { Option } from 'commander'
import type { AskAnswer, Line } from '../../agent/contract.ts'
import { UserError } from '../../lib/errors.ts'
import { progressLine, visible } from '../../lib/terminal.ts'
import { type AsOptions, asking } from '../asking.ts'
import { evaluateAsking } from '../evaluating.ts'
import { commonOptions, examples, number } from '../options.ts'
import { escapedJson } from '../show/answer.ts'
import { printAsked, withSettings } from '../show/asked.ts'
import { print } from '../show/output.ts'

interface Options extends AsOptions {
  model: 'auto' | 'off'
  maxUsd?: number
  json?: boolean
  eval?: boolean
  only?: string
}

export function define(command: Command): void {
  commonOptions(command.argument('[question...]', 'the question, in words'))
    .addOption(
      new Option('--model <when>', 'auto: with a model where one is configured; off: without')
        .choices(['auto', 'off'])
        .default('auto'),
    )
    .option('--max-usd <dollars>', 'the most that the model may cost for it (default: as configured)', number)
    .option('--json', 'print the answer as JSON: claims, rows, SQL, evidence, cost')
    .option('--as <role>', 'as whom, as in analyst:ana@example.com (default: the operator)')
    .option('--people <file>', 'a CSV file that says who is whose manager (default: as configured)')
    .option('--eval', 'ask 160 questions about the sample lake, and count the right answers')
    .option(
      '--only <which>',
      'of --eval: answerable, unanswerable, ambiguous, hostile, or the id of a question',
    )
    .action(ask)
  examples(
    command,
    ['loglake ask "who was denied access yesterday?"'],
    [
      'loglake ask "what did AKIAIOSFODNN7EXAMPLE do?"',
      'ids, ARNs, addresses and dates are taken from the question',
    ],
    ['loglake ask "which sessions lasted longer than 60 minutes?" --model off', 'without a model'],
    ['loglake ask "who turned off logging, and what did they do before?" --max-usd 0.20'],
    ['loglake ask "what did each model cost last week?" --json | jq .claims'],
    ['loglake ask --eval --lake ./demo-lake', 'how well the configured model answers'],
  )
  command.addHelpText(
    'after',
    '\nWithout `model` in loglake.yaml it answers by questions that have names (`loglake queries`). With a model, each sentence of the' +
      '\nanswer is recomputed from the rows that it cites, and struck out where it does not hold. See docs/ask.md.',
  )
}

async function ask(words: string[], given: Options): Promise<void> {
  const { json, model, maxUsd, eval: isEvaluated, only, ...options } = given
  if (isEvaluated) {
    if (words.length > 0) throw new UserError('--eval has questions of its own: leave the words out')
    return await evaluateAsking(options, { json, model, maxUsd, only })
  }
  if (only !== undefined)
    throw new UserError('--only goes with --eval: it says which of its questions are asked')
  const question = words.join(' ').trim()
  if (question.length < 3)
    throw new UserError('no question: `loglake ask "who was denied access yesterday?"`')
  const progress = progressLine(process.stderr)
  const answer = await asking(options, 'operator', async (caller) => {
    const lines = caller.lines('ask', {
      question,
      model,
      ...(maxUsd === undefined ? {} : { max_usd: maxUsd }),
    }) as AsyncGenerator<Line>
    let found: AskAnswer | undefined
    for await (const line of lines) {
      if (line.kind === 'progress') progress.show(visible(line.text))
      else if (line.kind === 'error') throw new UserError(line.detail)
      else found = line.answer
    }
    progress.clear()
    return found
  })
  if (!answer) throw new UserError('there was no answer')
  const shown = withSettings(answer, options)
  if (json) return await print(`${escapedJson(JSON.stringify(shown, null, 2))}\n`)
  await printAsked(shown, options)
}
