import type { Output } from '../../api/client.ts'
import { lookAs } from '../../shell/look-as.ts'
import { useMe } from '../../shell/me.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/plain.ts'
import { ExportEvidence } from '../export-evidence.tsx'

type Review = Output<'review'>

/** The decision, or who has to make it. */
export function Outcome({ review: { review, steps, why_not } }: { review: Review }) {
  const me = useMe()
  const manager = `manager:${review.reviewer}`
  const decided = steps.findLast(({ kind }) => kind === 'decided')
  return (
    <div className="form">
      {decided ? (
        <p className={`notice ${decided.decision === 'deny' ? 'red' : 'green'}`}>
          <b>{decided.decision === 'deny' ? 'Denied' : 'Confirmed'}</b> by {plain(decided.by.name)}
          {decided.reason && <span className="why">“{plain(decided.reason)}”</span>}
        </p>
      ) : (
        <p className="notice">
          {review.reviewer
            ? `${plain(review.reviewer)} has to decide.`
            : 'No manager is known for this person. The review is in the queue “No manager”.'}
        </p>
      )}
      {why_not && <p className="faint small">{why_not}</p>}
      {!decided && me?.look_as?.includes(manager) && (
        <Button
          title="Nobody signs in here, so you can do what the manager would do"
          onClick={() => lookAs(manager, location.pathname + location.search)}
        >
          Look as {plain(review.reviewer ?? '')}
        </Button>
      )}
      {decided && <ExportEvidence of={{ review: review.id }} />}
    </div>
  )
}
