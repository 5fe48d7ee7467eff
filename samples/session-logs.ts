// Turns the week's sessions into Session Manager's output in CloudWatch Logs.
import { type LogEvent, type LogFile, subscribed } from './firehose.ts'
import { at, EU, instanceId, isoTime, type JsonObject, SHARED } from './organisation.ts'
import type { Entry } from './record.ts'
import { SESSIONS } from './sessions.ts'
import { type Step, TRANSCRIPTS, UNANNOUNCED } from './transcripts.ts'

const LOG_GROUP = '/aws/ssm/sessionlogs'

interface Opened {
  at: number
  account: string
  region: string
  target: string
  arn: string
  sessionId: string
  steps: Step[]
}

export function sessionLogs(entries: Entry[]): LogFile[] {
  const sessions = [...entries.flatMap((entry) => openedBy(entry) ?? []), unannounced()]
  const events = sessions.flatMap(eventsOf).sort((a, b) => a.at - b.at)
  return subscribed('session-logs', 'session-logs', events)
}

function openedBy(entry: Entry): Opened | undefined {
  const { eventName, eventSource, userIdentity, requestParameters, responseElements } = entry.record
  if (eventName !== 'StartSession' || eventSource !== 'ssm.amazonaws.com' || !responseElements) return
  const session = SESSIONS.find((each) => !each.refused && at(each.day, each.clock) === entry.at)
  const steps = session && TRANSCRIPTS[`${session.who} ${session.day}`]
  if (!steps || session.minutes === 0) return
  return {
    at: entry.at,
    account: entry.account,
    region: entry.region,
    target: (requestParameters as JsonObject).target as string,
    arn: (userIdentity as JsonObject).arn as string,
    sessionId: (responseElements as JsonObject).sessionId as string,
    steps,
  }
}

function unannounced(): Opened {
  return {
    at: at(2, '19:40:10'),
    account: SHARED,
    region: EU,
    target: instanceId(SHARED, 'billing'),
    arn: `arn:aws:sts::${SHARED}:assumed-role/AWSReservedSSO_Billing_0000000000000000/hana@example.com`,
    sessionId: 'hana@example.com-0c0ffee0c0ffee001',
    steps: UNANNOUNCED,
  }
}

// The agent sends whole lines, some seconds after they were shown; carriage returns are dropped.
function eventsOf(session: Opened): LogEvent[] {
  return session.steps.map((step) => {
    const sentAt = session.at + step.after + 2
    const message = {
      eventVersion: '1.0',
      eventTime: isoTime(sentAt),
      awsRegion: session.region,
      target: { id: session.target },
      userIdentity: { arn: session.arn },
      runAsUser: 'ssm-user',
      sessionId: session.sessionId,
      sessionData: [`sh-5.2$ ${step.typed}`, ...step.shown],
    }
    return {
      at: sentAt,
      owner: session.account,
      logGroup: LOG_GROUP,
      logStream: session.sessionId,
      message: goJson(message),
    }
  })
}

// The agent is written in Go, whose json.Marshal escapes HTML's special characters.
function goJson(value: JsonObject): string {
  return JSON.stringify(value).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}
