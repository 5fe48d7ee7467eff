import { Link } from '@tanstack/react-router'
import { type Output, useAsk } from '../api/client.ts'
import { may, useMe } from '../shell/me.ts'
import { number } from '../time/format.ts'
import { Empty } from '../ui/states.tsx'

type Kind = Output<'extent'>['has'][number]

const WHAT: Readonly<Record<Kind, readonly [title: string, from: string]>> = {
  calls: ['No API call is in the lake yet', 'CloudTrail logs the calls: a trail writes them into a bucket.'],
  models: [
    'No model call is in the lake yet',
    "Bedrock's invocation logs and SageMaker's data capture tell of model calls.",
  ],
  sessions: [
    'No session is in the lake yet',
    "CloudTrail logs StartSession; Session Manager's preferences say where the output is logged.",
  ],
  conversations: [
    'No conversation is in the lake yet',
    "Bedrock's invocation logs hold prompts and answers; CloudTrail holds only the calls.",
  ],
}

/** In place of rows of a kind that the lake has none of: no other span or condition would show any. */
export function NothingYet({ of }: { of: Kind }) {
  const me = useMe()
  const [title, from] = WHAT[of]
  // A manager sees the rows of their people only: the lake may well have others.
  const runsIt = may(me, 'sources')
  return (
    <Empty
      title={me?.role === 'manager' ? title.replace(' is in', ' of your people is in') : title}
      action={
        runsIt && (
          <Link className="btn" to="/sources">
            See what arrives
          </Link>
        )
      }
    >
      {from}{' '}
      {runsIt ? (
        <>
          <code>loglake ingest</code> brings in a folder or a bucket, <code>loglake run</code> all that
          follows. Pages show rows once <code>loglake run</code> or <code>loglake follow</code> has summed
          them up. <Instead />
        </>
      ) : (
        'The people file says whose manager you are: the operators of this server keep it.'
      )}
    </Empty>
  )
}

/** The tables of logs that do have rows: what arrived is not lost where no page sums it up. */
export function Instead() {
  const tables = useAsk('sources', {}).data?.logtypes.filter(({ rows }) => rows > 0) ?? []
  if (tables.length === 0) return null
  return (
    <>
      The lake has{' '}
      {tables.map(({ name, rows }, index) => (
        <span key={name}>
          {index > 0 && (index === tables.length - 1 ? ' and ' : ', ')}
          <Link to="/query" search={{ sql: `select *\nfrom ${name}\nlimit 100` } as never}>
            {number(rows)} {rows === 1 ? 'row' : 'rows'} of {name}
          </Link>
        </span>
      ))}
      .
    </>
  )
}
