import { Link } from '@tanstack/react-router'
import { type Output, useAsk } from '../../api/client.ts'
import { may, useMe } from '../../shell/me.ts'
import { ms, number, plural, relative } from '../../time/format.ts'
import { behindText } from '../../ui/behind.ts'
import { plain } from '../../ui/plain.ts'

type Data = Output<'overview'>

export function Waiting({ data: { late, behind } }: { data: Data }) {
  const me = useMe()
  const reviews = useAsk('reviews-waiting', {}, may(me, 'reviews-waiting')).data
  const notYet = behindText(behind)
  const due = ms(reviews?.next_due)
  return (
    <div className="waiting">
      {reviews && reviews.mine > 0 && (
        <Link to="/reviews" className={`notice ${reviews.overdue > 0 ? 'red' : 'amber'}`}>
          <b>{plural(reviews.mine, 'review')} for you</b>
          {reviews.overdue > 0 && <span>{number(reviews.overdue)} overdue</span>}
          {due !== undefined && reviews.overdue === 0 && <span>next due {relative(due)}</span>}
        </Link>
      )}
      {reviews && reviews.unassigned > 0 && (
        <Link to="/reviews" search={{ state: 'unassigned' }} className="notice">
          {plural(reviews.unassigned, 'review')} without a manager
        </Link>
      )}
      {late.slice(0, 3).map(({ kind, name, what }) => (
        <Link key={`${kind}${name}${what}`} to="/sources" className="notice amber">
          {plain(what)}
        </Link>
      ))}
      {late.length > 3 && (
        <Link to="/sources" className="notice amber">
          {number(late.length - 3)} more
        </Link>
      )}
      {notYet && <span className="notice amber">{notYet}</span>}
    </div>
  )
}
