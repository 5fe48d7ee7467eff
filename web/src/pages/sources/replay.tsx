import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Input, type Output, post } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/float.tsx'
import { Refusal, Skeleton } from '../../ui/states.tsx'
import { say } from '../../ui/toast.tsx'

type Chosen = Pick<Input<'rejects-replay'>, 'ids' | 'code'>
type Replayed = Output<'rejects-replay'>

/** Reads rejects again: first to tell what would become of them, then to store what can be stored. */
export function Replay({ chosen, onClose }: { chosen: Chosen; onClose: () => void }) {
  const client = useQueryClient()
  const tried = useQuery({
    queryKey: ['rejects-replay', chosen],
    queryFn: ({ signal }) => post('rejects-replay', { ...chosen, dry_run: true }, signal),
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const replay = useMutation({
    mutationFn: () => post('rejects-replay', chosen),
    onSuccess: (done) => {
      say(became(done))
      onClose()
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'rejects-replay' })
    },
  })
  const { data } = tried
  const off = replay.isPending
    ? 'It is under way'
    : data?.replayed
      ? undefined
      : data
        ? 'None can be stored now'
        : 'They are being read'
  const error = replay.error ?? tried.error
  return (
    <Dialog
      title="Replay"
      onClose={onClose}
      footer={
        <Button look="primary" off={off} onClick={() => replay.mutate()}>
          {replay.isPending ? 'Replaying…' : data?.replayed ? `Replay ${number(data.replayed)}` : 'Replay'}
        </Button>
      }
    >
      {data && <Outlook tried={data} />}
      {!data && !error && <Skeleton rows={2} />}
      {error && <Refusal error={error} />}
    </Dialog>
  )
}

function Outlook({ tried: { tried, replayed, left } }: { tried: Replayed }) {
  if (tried === 0) return <p>There is no reject to read again: somebody else may have replayed it.</p>
  return (
    <>
      <p>
        {replayed === 0
          ? `None of ${plural(tried, 'rejected record')} can be stored yet.`
          : `${number(replayed)} of ${plural(tried, 'rejected record')} can be stored now.`}
      </p>
      <p className="faint">
        {replayed === 0 || left > 0
          ? 'What cannot be read with the log types as they are stays here, with its bytes.'
          : 'They leave this list in one commit. What is in its table already counts as repeated.'}
      </p>
    </>
  )
}

function became({ replayed, stored, repeated, skipped, conflicts }: Replayed): string {
  const parts = (
    [
      [stored, 'stored'],
      [repeated, 'repeated'],
      [skipped, 'skipped'],
      [conflicts, 'in conflict'],
    ] as const
  ).flatMap(([count, what]) => (count > 0 ? [`${number(count)} ${what}`] : []))
  return `${plural(replayed, 'reject')} replayed: ${parts.join(', ') || 'nothing'}`
}
