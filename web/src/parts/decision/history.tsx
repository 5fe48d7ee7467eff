import type { Output } from '../../api/client.ts'
import { dayTime, ms } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'

type Review = Output<'review'>
type Step = Review['steps'][number]
type Notice = Review['told'][number]

const SAID: Record<Review['steps'][number]['kind'], string> = {
  assigned: 'assigned it to',
  reassigned: 'handed it to',
  escalated: 'escalated it to',
  opened: 'opened it',
  asked: 'asked',
  answered: 'answered',
  decided: 'decided',
  upheld: 'upheld the decision',
  overturned: 'overturned the decision',
  changed_since: 'new rows came after the decision',
  withdrawn: 'withdrew it',
  seen: 'looked at it',
}

/** The steps of a review and the notices about it, in order of time. */
export function History({ steps, notices }: { steps: readonly Step[]; notices: readonly Notice[] }) {
  const lines = [
    ...steps
      .filter(({ kind }) => kind !== 'seen')
      .map((step) => ({ key: `step ${step.seq}`, at: step.at, line: <StepLine step={step} /> })),
    ...notices
      .filter(({ outcome }) => outcome !== 'not needed')
      .map((one) => ({
        key: `notice ${one.stage} ${one.recipient} ${one.destination}`,
        at: one.at,
        line: <NoticeLine notice={one} />,
      })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return (
    <ol className="history num" aria-label="History">
      {lines.map(({ key, at, line }) => (
        <li key={key}>
          <b>{dayTime(ms(at) ?? 0).slice(0, -3)}</b> {line}
        </li>
      ))}
    </ol>
  )
}

function StepLine({ step }: { step: Step }) {
  return (
    <>
      {step.kind === 'changed_since' ? (
        'New rows came after the decision'
      ) : (
        <>
          {plain(step.by.name)}
          {step.on_behalf_of && ` on behalf of ${plain(step.on_behalf_of)}`}{' '}
          {step.kind === 'decided'
            ? step.decision === 'deny'
              ? 'denied it'
              : 'confirmed it'
            : SAID[step.kind]}
          {['assigned', 'reassigned', 'escalated'].includes(step.kind) &&
            ` ${step.reviewer ? plain(step.reviewer) : 'the queue of people without a manager'}`}
        </>
      )}
      {step.reason && <span className="said">“{plain(step.reason)}”</span>}
    </>
  )
}

function NoticeLine({ notice: { recipient, stage, destination, outcome, answer } }: { notice: Notice }) {
  const who = plain(recipient)
  const by = plain(destination)
  if (outcome === 'refused')
    return (
      <>
        {who} could not be notified by {by}
        {answer && <span className="said">{plain(answer)}</span>}
      </>
    )
  return (
    <>
      {who} {outcome === 'sent' ? 'was notified' : 'will be notified'} by {by}, {whenOf(stage)}
    </>
  )
}

/** When a notice is sent: `before 3` is three days before the review is due. */
function whenOf(stage: string): string {
  const [word, days] = stage.split(' ')
  if (word === 'assigned') return 'as it was assigned'
  if (word === 'after' && days === '0') return 'as it was due'
  return `${days} ${days === '1' ? 'day' : 'days'} ${word} it was due`
}
