import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { Fragment, useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { useMe } from '../shell/me.ts'
import { bytes, ms } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { JsonTree, parsed } from '../ui/json.tsx'
import { plain } from '../ui/plain.ts'
import { Part } from '../ui/states.tsx'
import { copy } from '../ui/toast.tsx'
import { Value } from '../ui/value.tsx'
import { When } from '../ui/when.tsx'
import { subjectOf } from './subject.ts'
import './record.css'

type Columns = Output<'record'>['columns']

/** Columns shown first; the others follow in the table's order. */
const FIRST = [
  'eventtime',
  'actor',
  'eventsource',
  'eventname',
  'errorcode',
  'errormessage',
  'sourceipaddress',
  'useragent',
  'awsregion',
  'recipientaccountid',
]

/** All columns of one row, next to the list of rows. */
export function Record({
  table,
  id,
  at,
  onClose,
  onPrevious,
  onNext,
  onFilter,
}: {
  table: string
  id: string
  at?: string | undefined
  onClose: () => void
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  onFilter?: (condition: string) => void
}) {
  const me = useMe()
  const [unmask, setUnmask] = useState(false)
  const record = useAsk('record', { table, id, ...(at && { at }), ...(unmask && { unmask: true }) })
  const name = record.data?.columns.find((column) => column.name === 'eventname')?.value
  return (
    <aside className="record" aria-label="The whole record">
      <header>
        <h1 className="cut">
          {typeof name === 'string' && !record.isPlaceholderData ? plain(name) : 'Record'}
        </h1>
        <span className="spring" />
        <Button
          look="icon"
          aria-label="Previous record"
          off={onPrevious ? undefined : 'This is the first'}
          onClick={onPrevious}
        >
          <ChevronUp size={14} />
        </Button>
        <Button
          look="icon"
          aria-label="Next record"
          off={onNext ? undefined : 'This is the last'}
          onClick={onNext}
        >
          <ChevronDown size={14} />
        </Button>
        <Button look="icon" aria-label="Close the record" onClick={onClose}>
          <X size={14} />
        </Button>
      </header>
      <div className="inside">
        <Part of={record}>
          {(data) => (
            <Whole
              data={data}
              onFilter={onFilter}
              unmask={
                data.columns.some(({ masked }) => masked) && me?.unmask && !unmask
                  ? () => setUnmask(true)
                  : undefined
              }
            />
          )}
        </Part>
      </div>
    </aside>
  )
}

function Whole({
  data,
  onFilter,
  unmask,
}: {
  data: Output<'record'>
  onFilter?: ((condition: string) => void) | undefined
  unmask: (() => void) | undefined
}) {
  const flat = ordered(data.columns.filter(({ value }) => value !== null && !isTree(value)))
  const trees = data.columns.filter(({ value }) => isTree(value))
  const value = (name: string) => {
    const found = data.columns.find((column) => column.name === name)?.value
    return typeof found === 'string' ? found : undefined
  }
  const [key, actor, time] = [value('useridentity_accesskeyid'), value('actor'), value('eventtime')]
  const resource = subjectOf({ requestparameters: value('requestparameters') ?? null })
  const around =
    time && ms(time) !== undefined ? `${new Date(ms(time) as number).toISOString()} ±15m` : undefined
  const link = (search: Record<string, string>) => `/activity?${new URLSearchParams(search)}`
  // However far back it is: no summary has keys and resources.
  const all = (q: string) => link({ q, t: 'all', deep: '1' })
  return (
    <>
      <div className="ways">
        {key && (
          <a className="btn" href={all(`useridentity_accesskeyid:${key}`)}>
            All of this key
          </a>
        )}
        {actor && (
          <a className="btn" href={link({ q: `actor:${actor}`, t: 'all' })}>
            All of this actor
          </a>
        )}
        {resource && (
          <a className="btn" href={all(`requestparameters~${resource}`)} title={resource}>
            All of this resource
          </a>
        )}
        {around && (
          <a className="btn" href={link({ t: around })}>
            ±15 min
          </a>
        )}
        <Button onClick={() => copy(JSON.stringify(objectOf(data.columns), null, 2), 'record as JSON')}>
          Copy JSON
        </Button>
        {unmask && <Button onClick={unmask}>Show masked values; it is recorded</Button>}
      </div>
      <dl>
        {flat.map(({ name, doc, value: one, masked }) => (
          <div key={name}>
            <dt title={doc}>{breakable(name)}</dt>
            <dd>
              {name === 'eventtime' ? (
                <When at={String(one)} form="full" />
              ) : (
                <Value field={name} value={String(one)} {...(onFilter && { onFilter })} className="wrap" />
              )}
              {masked && <span className="tag"> masked</span>}
            </dd>
          </div>
        ))}
      </dl>
      {trees.map(({ name, value: one }) => (
        <section key={name} className="whole">
          <h3>{name}</h3>
          <JsonTree value={parsed(one)} />
        </section>
      ))}
      {data.object && (
        <section className="whole">
          <h3>Source object</h3>
          <dl>
            <div>
              <dt>object</dt>
              <dd className="mono">{plain(data.object.name)}</dd>
            </div>
            {data.object.sha256 && (
              <div>
                <dt>SHA-256</dt>
                <dd className="mono">{data.object.sha256}</dd>
              </div>
            )}
            {data.object.bytes !== null && (
              <div>
                <dt>size</dt>
                <dd>{bytes(data.object.bytes)}</dd>
              </div>
            )}
            <div>
              <dt>read</dt>
              <dd>
                <When at={data.object.ingested} form="full" />
              </dd>
            </div>
          </dl>
        </section>
      )}
    </>
  )
}

/** A name that breaks after its underscores. */
function breakable(name: string) {
  return name.split('_').map((part, at, all) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
    <Fragment key={at}>
      {part}
      {at < all.length - 1 && '_'}
      <wbr />
    </Fragment>
  ))
}

function isTree(value: unknown): boolean {
  const found = parsed(value)
  return found !== null && typeof found === 'object'
}

function ordered(columns: Columns): Columns {
  const rank = (name: string) => {
    const at = FIRST.indexOf(name)
    return at < 0 ? FIRST.length : at
  }
  return columns.toSorted((one, other) => rank(one.name) - rank(other.name))
}

function objectOf(columns: Columns): object {
  return Object.fromEntries(
    columns.filter(({ value }) => value !== null).map(({ name, value }) => [name, parsed(value)]),
  )
}
