import { useMutation, useQueryClient } from '@tanstack/react-query'
import { failureText, type Output, post, useAsk } from '../../api/client.ts'
import { dayTime, ms, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/plain.ts'
import { say } from '../../ui/toast.tsx'

type Suppression = Output<'suppressions'>['rows'][number]

/** Active suppressions, each with the number of findings it hides and a button to end it. */
export function Suppressions({ endable }: { endable: boolean }) {
  const { data } = useAsk('suppressions', { limit: 200 })
  const standing = data?.rows.filter(({ ended }) => !ended) ?? []
  if (standing.length === 0) return null
  return (
    <ul className="suppressions" aria-label="Suppressions">
      {standing.map((one) => (
        <li key={one.id}>
          <span>
            <b>{plural(one.hides, 'finding')}</b> {ofWhat(one)}
            {one.alone < one.hides && `, ${one.alone} by this one alone`}
          </span>
          {endable && <End one={one} />}
          <small className="soft">
            until {dayTime(ms(one.until) ?? 0)}, by {plain(one.by ?? '')}: {plain(one.reason ?? '')}
          </small>
        </li>
      ))}
    </ul>
  )
}

function ofWhat({ rule, title, actor, resource }: Suppression): string {
  const parts = [rule && `of “${title ?? rule}”`, actor && `by ${actor}`, resource && `about ${resource}`]
  return plain(parts.filter(Boolean).join(' '))
}

function End({ one }: { one: Suppression }) {
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () => post('suppression-end', { id: one.id }),
    onSuccess: ({ shows }) => {
      say(`The suppression has ended: ${plural(shows, 'finding')} shown again`)
      return client.invalidateQueries()
    },
    onError: (error) => say(failureText(error)),
  })
  return (
    <Button off={send.isPending ? 'Sending' : undefined} onClick={() => send.mutate()}>
      End now
    </Button>
  )
}
