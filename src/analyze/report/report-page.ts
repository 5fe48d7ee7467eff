import { counted, grouped } from '../../lib/terminal.ts'
import { dollarText } from '../cost.ts'
import { ownEvents } from '../digest/digest.ts'
import type { Report } from './contract.ts'
import type { Page } from './page.ts'

/** Findings on the page, which is made to be read in two minutes; JSON has all. */
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
        ? [{ kind: 'text' as const, text: nothingFound(report) }]
        : [
            { kind: 'head' as const, text: 'What was found' },
            {
              kind: 'list' as const,
              lines: findings
                .slice(0, SHOWN)
                .map(({ severity, text, who, services, regions, accounts, events, evidence }) => ({
                  mark: severity,
                  text,
                  more: [
                    [when(evidence), some(who)].filter(Boolean).join('; '),
                    [some(services), some(regions), some(accounts), counted(events, 'event')].join('; '),
                  ],
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
        ? {
            kind: 'text',
            text:
              calls.items === 1
                ? 'Nothing: the only call of the model has an answer.'
                : `Nothing: all ${counted(calls.items, 'call')} of the model about events have an answer.`,
          }
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

function summary({ findings, events, selection, calls, not_analysed }: Report): string {
  const grave = findings.filter(({ severity }) => severity === 'high').length
  const only = [
    ...(selection.accounts ?? []),
    ...(selection.regions ?? []),
    ...(selection.services ?? []),
    ...(selection.principals ?? []),
  ]
  const limited = only.length === 0 ? '' : ` Only: ${only.join(', ')}.`
  const missed = not_analysed.reduce((sum, one) => sum + one.events, 0)
  const read =
    calls.done === calls.items
      ? `${counted(events, 'event')} were read in ${counted(calls.items, 'call')} of the model.`
      : `${counted(events - missed, 'event')} of ${events} were read: ${calls.done} of ${counted(calls.items, 'call')} of the model have an answer.`
  const high = findings.length === 0 ? '' : `, ${grave} of them high`
  return `${read} ${counted(findings.length, 'finding')}${high}.${limited}`
}

/** A sentence on coverage: if nothing or only a part was read, nothing is known of the rest. */
function nothingFound({ calls, not_analysed, events }: Report): string {
  if (events === 0) return 'There were no events to read: that says nothing about what happened.'
  if (calls.done === 0)
    return 'Nothing was analysed: no call of the model has an answer, so nothing is known of these events.'
  return not_analysed.length > 0 || calls.done < calls.items
    ? 'Nothing was found in what was analysed. The rest, below, is not known.'
    : 'Nothing was found that is worth your time.'
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
    ...unmerged(report),
    ...notes,
    'Every finding names events of the lake. Whether it is a threat, a person decides.',
  ]
}

/** Findings that belong together may stand apart, which a reader must know. */
function unmerged({ merging }: Report): string[] {
  if (!merging || merging.unanswered === 0) return []
  return [
    `Of ${counted(merging.calls, 'call')} that were to put findings together, ${merging.unanswered} have no usable answer: their findings stand as they were found.`,
  ]
}

/** From the first to the last of the events that are named. */
function when(evidence: Report['findings'][number]['evidence']): string {
  const [first, last] = [evidence[0], evidence.at(-1)].map((event) => event?.time.replace(/\.\d+Z$/, 'Z'))
  return first === last ? (first ?? '') : `${first} to ${last}`
}

function some(texts: readonly string[]): string {
  const shown = texts.filter(Boolean).slice(0, 3).join(', ')
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown || 'unknown'
}
