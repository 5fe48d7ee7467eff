import { counted, grouped } from '../../lib/terminal.ts'
import { dollarText } from '../cost.ts'
import { ownEvents } from '../digest/digest.ts'
import type { Report } from './contract.ts'
import type { Page } from './page.ts'

/** So many findings are on the page that is read in two minutes; JSON has all. */
const SHOWN = 20
const IDS = 5
const NOT_SHOWN = 10

export function reportPage(report: Report): Page {
  const { findings, not_analysed, selection, calls } = report
  const left = findings.length - SHOWN
  return {
    title: `Analysis of ${selection.since} to ${selection.until}`,
    parts: [
      { kind: 'text', text: summary(report) },
      ...(findings.length === 0
        ? [{ kind: 'text' as const, text: 'Nothing was found that is worth your time.' }]
        : [
            { kind: 'head' as const, text: 'What was found' },
            {
              kind: 'list' as const,
              lines: findings
                .slice(0, SHOWN)
                .map(({ severity, text, who, services, regions, events, evidence }) => ({
                  mark: severity,
                  text,
                  more: [`${some(who)}; ${some(services)}; ${some(regions)}; ${counted(events, 'event')}`],
                  ids: evidence.slice(0, IDS).map(({ id }) => id),
                  left: Math.max(0, evidence.length - IDS),
                })),
            },
          ]),
      ...(left > 0
        ? [
            {
              kind: 'text' as const,
              text: `${counted(left, 'more finding')}: the JSON form has all of them.`,
            },
          ]
        : []),
      { kind: 'head', text: 'What was not analysed' },
      not_analysed.length === 0
        ? { kind: 'text', text: `Nothing: all ${counted(calls.items, 'call')} of the model have an answer.` }
        : {
            kind: 'list',
            lines: [
              ...not_analysed.slice(0, NOT_SHOWN).map(({ about, from, to, events, why }) => ({
                text: `${about}, ${from} to ${to}, ${counted(events, 'event')}: ${why}`,
              })),
              ...(not_analysed.length > NOT_SHOWN
                ? [{ text: `and ${not_analysed.length - NOT_SHOWN} more, which the JSON form has` }]
                : []),
            ],
          },
      { kind: 'head', text: 'How it was made' },
      { kind: 'list', lines: how(report).map((text) => ({ text })) },
    ],
  }
}

function summary({ findings, events, selection, calls }: Report): string {
  const grave = findings.filter(({ severity }) => severity === 'high').length
  const only = [
    ...(selection.accounts ?? []),
    ...(selection.regions ?? []),
    ...(selection.services ?? []),
    ...(selection.principals ?? []),
  ]
  const limited = only.length === 0 ? '' : ` Only: ${only.join(', ')}.`
  return `${counted(events, 'event')} were read in ${counted(calls.items, 'call')} of the model. ${counted(findings.length, 'finding')}, ${grave} of them high.${limited}`
}

function how(report: Report): string[] {
  const { own, cost, taken_out, calls, is_reduced, notes, lake_version, run } = report
  const usd = cost.usd === null ? 'the price is not known' : `${dollarText(cost.usd)} (${cost.price})`
  const inBatch = cost.batch_input_tokens + cost.batch_output_tokens
  return [
    `Analysis ${run} of version ${lake_version} of the lake, by ${cost.model}${calls.jobs > 0 ? `, ${counted(calls.jobs, 'batch job')}` : ''}.`,
    `Cost: ${grouped(cost.input_tokens)} tokens read and ${grouped(cost.output_tokens)} written${inBatch > 0 ? `, ${grouped(inBatch)} of them in batches` : ''}: ${usd}.`,
    `Own activity of loglake that was left out: ${counted(ownEvents(own), 'event')} (${own.role} by role, ${own.agent} by user agent, ${own.job + own.place} of batches).`,
    `Taken out of the model's answers: ${counted(taken_out.unknown_handles, 'handle')} of no event, ${counted(taken_out.without_rows, 'finding')} without events, ${counted(taken_out.sentences_struck, 'sentence')} that said what the events do not.`,
    ...(is_reduced ? [] : ['No model was there to put findings together: they stand as they were found.']),
    ...notes,
    'Every finding names events of the lake. Whether it is a threat, a person decides.',
  ]
}

function some(texts: readonly string[]): string {
  const shown = texts.filter(Boolean).slice(0, 3).join(', ')
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown || 'unknown'
}
