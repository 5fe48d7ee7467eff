import { useNavigate } from '@tanstack/react-router'
import type { Output } from '../../api/client.ts'
import { Header } from '../../shell/header.tsx'
import { ms, plural, relative } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { plain } from '../../ui/plain.ts'
import { copy } from '../../ui/toast.tsx'
import { useQueue } from './queue.ts'

export function Title({ id, session }: { id: string; session: Output<'session'> }) {
  const { session: facts, findings } = session
  const navigate = useNavigate()
  const queue = useQueue(id)
  const go = (to: string | undefined) =>
    to &&
    void navigate({
      to: '/sessions/$id',
      params: { id: to },
      search: (before: object) => ({ ...before, find: undefined }),
    } as never)
  useKeys({ j: () => go(queue.next), k: () => go(queue.previous) })
  const due = ms(facts.review?.due)
  const decision = facts.review?.decision
  return (
    <Header
      title={`${plain(facts.who ?? 'Unknown person')} on ${plain(facts.where ?? 'an unknown machine')}`}
      tab={`${facts.who ?? 'Session'} on ${facts.where ?? ''}`}
      tags={
        <>
          {facts.outcome === 'refused' && <span className="tag red">refused</span>}
          {facts.outcome === 'unannounced' && <span className="tag amber">no StartSession logged</span>}
          {findings.length > 0 && <span className="tag red">{plural(findings.length, 'finding')}</span>}
          {decision && (
            <span className={`tag ${decision === 'deny' ? 'red' : 'green'}`}>
              {decision === 'deny' ? 'denied' : 'confirmed'}
            </span>
          )}
          {due !== undefined && !decision && (
            <span className={`tag ${facts.review?.overdue ? 'red' : 'amber'}`}>
              {facts.review?.overdue
                ? `overdue by ${relative(due).replace(' ago', '')}`
                : `due ${relative(due)}`}
            </span>
          )}
        </>
      }
    >
      {queue.of > 0 && (
        <span className="faint num">
          {queue.at + 1} of {queue.of}
        </span>
      )}
      <Button
        keys="K"
        off={queue.previous ? undefined : 'This is the first'}
        onClick={() => go(queue.previous)}
      >
        Previous
      </Button>
      <Button keys="J" off={queue.next ? undefined : 'This is the last'} onClick={() => go(queue.next)}>
        Next
      </Button>
      <Button className="copy-link" onClick={() => copy(location.href, 'link')}>
        Copy link
      </Button>
    </Header>
  )
}
