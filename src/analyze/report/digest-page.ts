import { counted } from '../../lib/terminal.ts'
import { type Digest, KINDS, type Kind, type Line, ownEvents } from '../digest/digest.ts'
import type { Page } from './page.ts'

const TITLES: Readonly<Record<Kind, string>> = {
  destructive: 'Deleted, stopped, switched off',
  denied: 'Refused',
  loud: 'Louder than usual',
  new: 'For the first time',
  rare: 'Hardly ever done here',
}

export function digestPage(digest: Digest): Page {
  const { selection, events, principals, accounts, past, own, lines, more } = digest
  const compared =
    events === 0
      ? 'Nothing can be said of it: is the selection spelled as in the logs, and are all logs there (`loglake status`)?'
      : past.days === 0
        ? 'There are no days before it to hold it against: what is new, rare or loud is not told.'
        : `Held against ${counted(past.days, 'day')} before it${past.days < past.wanted ? ` (${past.wanted} are wanted)` : ''}.`
  return {
    title: `Digest of ${selection.since} to ${selection.until}`,
    parts: [
      {
        kind: 'text',
        text: `${counted(events, 'event')} of ${counted(principals, 'principal')} in ${counted(accounts, 'account')}. ${compared} ${counted(ownEvents(own), 'event')} of loglake's own left out.`,
      },
      ...(lines.length === 0 && events > 0 ? [{ kind: 'text' as const, text: 'Nothing stands out.' }] : []),
      ...KINDS.flatMap((kind) => {
        const those = lines.filter((line) => line.kind === kind)
        if (those.length === 0) return []
        const left = more[kind] ?? 0
        return [
          { kind: 'head' as const, text: TITLES[kind] },
          {
            kind: 'list' as const,
            lines: [
              ...those.map((line) => ({
                mark: line.severity,
                text: `${lineText(line)}${accounts > 1 && line.account !== '' ? `. Account ${line.account}` : ''}`,
                ids: line.ids,
                left: Math.max(0, line.kind === 'loud' ? 0 : line.events - line.ids.length),
              })),
              ...(left > 0 ? [{ text: `and ${counted(left, 'more line')}, less grave ones` }] : []),
            ],
          },
        ]
      }),
      {
        kind: 'text',
        text: 'No model has read anything for this: it is counted. Every line names events of the lake.',
      },
    ],
  }
}

/** A line in words. */
export function lineText(line: Omit<Line, 'readonly'>): string {
  const { kind, about, principal, service, call, region, events, usual, first_time, last_time, errorcode } =
    line
  const when = first_time === last_time ? first_time : `${first_time} to ${last_time}`
  const api = `${service.replace(/\.amazonaws\.com$/, '')} ${call}`.trim()
  const where = region === '' ? '' : ` in ${region}`
  const times = `${events} ${events === 1 ? 'time' : 'times'}`
  const error = errorcode === null ? '' : ` (${errorcode})`
  const past = `${usual >= 10 || Number.isInteger(usual) ? Math.round(usual) : usual.toFixed(1)}`
  if (kind === 'loud') {
    const who = about === 'principal' ? principal : about === 'service' ? api : region
    return `${who}: ${counted(events, 'event')} in one hour, usually ${past} in it. ${when}`
  }
  if (kind === 'new') {
    if (about === 'principal')
      return `${principal} was never seen before: ${counted(events, 'event')}. ${when}`
    if (about === 'region')
      return `${principal} was never${where} before: ${counted(events, 'event')}. ${when}`
    if (about === 'service')
      return `${api || 'unknown service'} was never used${where} before: ${counted(events, 'event')}. ${when}`
    return `${principal}: ${api}${where}, never done before, ${times}${error}. ${when}`
  }
  if (kind === 'rare')
    return `${principal}: ${api}${where}, ${times}; in all days before ${past}${error}. ${when}`
  return `${principal}: ${api}${where}, ${times}, usually ${past} a day${error}. ${when}`
}
