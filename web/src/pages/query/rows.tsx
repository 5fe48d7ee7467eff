import { useMemo } from 'react'
import type { Output } from '../../api/client.ts'
import { plain } from '../../ui/plain.ts'
import { Empty } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'

type Answer = Output<'query'>

export function Rows({ answer }: { answer: Answer }) {
  const numbered = useMemo(() => answer.rows.map((cells, index) => ({ cells, key: String(index) })), [answer])
  const columns = useMemo(
    () =>
      answer.columns.map(({ name, type }, index) => ({
        name: `${index}`,
        title: name,
        width: /INT|DOUBLE|DECIMAL|BOOLEAN/i.test(type)
          ? '120px'
          : /TIMESTAMP/i.test(type)
            ? '190px'
            : 'minmax(160px, 1fr)',
        right: /INT|DOUBLE|DECIMAL/i.test(type),
        cell: ({ cells }: { cells: unknown[] }) => cell(cells[index]),
      })),
    [answer],
  )
  if (numbered.length === 0) return <Empty title="No rows">No row meets the query's conditions.</Empty>
  return (
    <DataTable
      label="Answer"
      columns={columns}
      rows={numbered}
      keyOf={(row) => row.key}
      total={numbered.length}
    />
  )
}

function cell(value: unknown) {
  if (value === null || value === undefined) return <span className="faint">null</span>
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <span title={text.length > 40 ? text.slice(0, 2_000) : undefined}>
      {plain(text.length > 500 ? `${text.slice(0, 500)}…` : text)}
    </span>
  )
}

export function tsv(answer: Answer): string {
  const line = (cells: readonly unknown[]) =>
    cells
      .map((one) =>
        (one === null ? '' : typeof one === 'object' ? JSON.stringify(one) : String(one)).replace(
          /[\t\r\n]+/g,
          ' ',
        ),
      )
      .join('\t')
  return [line(answer.columns.map(({ name }) => name)), ...answer.rows.map(line)].join('\n')
}
