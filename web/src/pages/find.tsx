import { useRef, useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { Record } from '../parts/record.tsx'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { number, plural } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Skeleton } from '../ui/states.tsx'
import { type Card, type Column, DataTable } from '../ui/table.tsx'
import { When } from '../ui/when.tsx'
import './find.css'

type Row = Output<'find'>['rows'][number]

const keyOf = (row: Row) => `${row.table} ${row.id ?? ''} ${row.time ?? ''} ${row.column}`

/** The page that shows rows of this table, if there is one. */
function pageOf({ table, id }: Row): string | undefined {
  if (id === null) return undefined
  const shown = encodeURIComponent(id)
  if (table === 'cloudtrail') return `/activity?t=all&q=eventid:${shown}&e=${shown}`
  if (table === 'session_summary') return `/sessions/${shown}`
  if (table === 'finding') return `/findings?t=all&f=${shown}`
  return undefined
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'time',
    title: 'Time',
    width: '140px',
    cell: ({ time }) => <span className="mono">{time && <When at={time} />}</span>,
  },
  { name: 'table', title: 'Table', width: '150px', cell: ({ table }) => plain(table) },
  { name: 'what', title: 'What', width: 'minmax(150px, 1fr)', cell: ({ what }) => plain(what ?? '') },
  { name: 'who', title: 'Who', width: 'minmax(150px, 1fr)', cell: ({ who }) => plain(who ?? '') },
  {
    name: 'column',
    title: 'Found in',
    width: 'minmax(170px, 1.2fr)',
    cell: ({ column }) => <span className="soft mono">{plain(column)}</span>,
  },
  { name: 'account', title: 'Account', width: '110px', cell: ({ account }) => plain(account ?? '') },
  {
    name: 'page',
    title: '',
    width: '56px',
    cell: (row) => {
      const page = pageOf(row)
      return page ? <a href={page}>Open</a> : null
    },
  },
]

const CARD: Card<Row> = {
  title: 'Where it is, who, when',
  height: 64,
  cell: (row) => {
    const page = pageOf(row)
    return (
      <span className="row-card">
        <span className="strong">{plain(row.what ?? row.table)}</span>
        <span className="end">{page ? <a href={page}>Open</a> : null}</span>
        <small className="line">
          {plain(row.table)}, in <span className="mono">{plain(row.column)}</span>
        </small>
        <small className="line num">
          {row.who && `${plain(row.who)}, `}
          {row.time && <When at={row.time} />}
        </small>
      </span>
    )
  },
}

/** Searches every table with such a column for a value. */
export function Find() {
  const { one, change } = useAddress()
  const text = one('find') ?? ''
  const only = one('table')
  const [typed, setTyped] = useState(text)
  const [open, setOpen] = useState<Row>()
  const field = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => field.current?.focus(), Escape: () => setOpen(undefined) })
  return (
    <>
      <Header title="Find" tab={text ? `Find ${plain(text)}` : 'Find'} />
      <div className="page column find">
        <form
          className="bar"
          onSubmit={(event) => {
            event.preventDefault()
            setOpen(undefined)
            change({ find: typed.trim() || undefined, table: undefined })
          }}
        >
          <input
            ref={field}
            className="input"
            aria-label="Value to find"
            placeholder="goran@example.com, 203.0.113.250"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button look="primary" type="submit">
            Find
          </Button>
        </form>
        {text === '' ? (
          <Empty title="Find a value in every table">
            The id of an event or a request, an access key, an ARN, an address, an instance, a bucket, a name:
            the whole value, since a part of one finds nothing.
          </Empty>
        ) : (
          <Results
            text={text}
            only={only}
            open={open}
            onOpen={setOpen}
            onTable={(table) => change({ table })}
          />
        )}
      </div>
    </>
  )
}

function Results({
  text,
  only,
  open,
  onOpen,
  onTable,
}: {
  text: string
  only: string | undefined
  open: Row | undefined
  onOpen: (row: Row | undefined) => void
  onTable: (table: string | undefined) => void
}) {
  const found = useAsk('find', { text })
  if (found.error && !found.data) return <Failed error={found.error} retry={() => found.refetch()} />
  if (!found.data) return <Skeleton />
  const { rows, tables, files, more } = found.data
  const opened = files.all === 0 ? '' : `${number(files.read)} of ${plural(files.all, 'file')} read`
  if (rows.length === 0)
    return (
      <Empty title="No row has this value">
        Only whole values are found. Activity and Query search for a part of one.{opened && ` (${opened}.)`}
      </Empty>
    )
  const shown = only ? rows.filter(({ table }) => table === only) : rows
  return (
    <>
      <div className="bar">
        {tables
          .filter((one) => one.rows > 0)
          .map((one) => (
            <Button
              key={one.table}
              aria-pressed={only === one.table}
              onClick={() => onTable(only === one.table ? undefined : one.table)}
            >
              {plain(one.table)} {number(one.rows)}
            </Button>
          ))}
      </div>
      <div className={`results${open ? ' with-record' : ''}`}>
        <DataTable
          label="Rows"
          columns={COLUMNS}
          card={CARD}
          rows={shown}
          keyOf={keyOf}
          wide={920}
          selected={open ? keyOf(open) : undefined}
          onOpen={(row) => row.id !== null && onOpen(row)}
          foot={
            <>
              {plural(shown.length, 'row')}
              {more && ', the newest'}
              <span>{opened}</span>
            </>
          }
        />
        {open?.id && (
          <Record
            table={open.table}
            id={open.id}
            at={open.time ?? undefined}
            onClose={() => onOpen(undefined)}
          />
        )}
      </div>
    </>
  )
}
