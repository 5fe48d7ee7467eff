import { Fragment, useCallback, useState } from 'react'
import type { Output } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useAddress } from '../../search.ts'
import { may, useMe } from '../../shell/me.ts'
import { bytes, number } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/plain.ts'
import { Scrolled } from '../../ui/scrolled.tsx'
import { Sideways } from '../../ui/sideways.tsx'
import { Empty, Part } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'
import { Replay } from './replay.tsx'

export function Rejects() {
  const { one, change } = useAddress()
  const code = one('code')
  const rejects = usePages('rejects', { limit: 50, ...(code && { code }) })
  const [open, setOpen] = useState<string>()
  const mayReplay = may(useMe(), 'rejects-replay')
  const [replaying, setReplaying] = useState<{ ids?: string[]; code?: string }>()
  const stopReplaying = useCallback(() => setReplaying(undefined), [])
  const some = rejects.data?.pages.some(({ rows }) => rows.length > 0)
  return (
    <Sideways className="card scroll-x" label="Rejected records">
      <header>
        <h2>Rejected records</h2>
        <small>
          kept with their bytes, to be read again after a fix
          {!mayReplay && (
            <>
              {' '}
              by <code>loglake rejects replay</code>
            </>
          )}
        </small>
        <span className="spring" />
        {code && (
          <Button look="quiet" onClick={() => change({ code: undefined })}>
            All codes
          </Button>
        )}
        {mayReplay && some && (
          <Button onClick={() => setReplaying(code ? { code } : {})}>
            {code ? 'Replay this code…' : 'Replay all…'}
          </Button>
        )}
      </header>
      <Part of={rejects} rows={3}>
        {(data) => {
          const pages = data.pages as Output<'rejects'>[]
          const rows = pages.flatMap((page) => page.rows)
          const codes = pages[0]?.codes ?? []
          return rows.length === 0 ? (
            <Empty title="No rejected records">Every record read is in its table.</Empty>
          ) : (
            <>
              {codes.length > 1 && (
                <div className="codes">
                  {codes.map(({ code: name, records }) => (
                    <button key={name} type="button" className="tag" onClick={() => change({ code: name })}>
                      {plain(name)} {number(records)}
                    </button>
                  ))}
                </div>
              )}
              <table className="plain">
                <thead>
                  <tr>
                    <th>Why</th>
                    <th>Object</th>
                    <th className="right n">Record</th>
                    <th className="right n">Size</th>
                    <th className="n">Read</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <Fragment key={row.id}>
                      <tr>
                        <td title={row.reason ?? ''}>
                          <button
                            type="button"
                            className="value"
                            aria-expanded={open === row.id}
                            onClick={() => setOpen(open === row.id ? undefined : row.id)}
                          >
                            {plain(row.reason ?? row.code ?? '')}
                          </button>
                        </td>
                        <td title={row.object ?? ''} className="mono">
                          {plain((row.object ?? '').split('/').at(-1) ?? '')}
                        </td>
                        <td className="right">{row.position === null ? '' : number(row.position)}</td>
                        <td className="right">{row.size === null ? '' : bytes(row.size)}</td>
                        <td className="faint">
                          <When at={row.ingested} form="relative" />
                        </td>
                      </tr>
                      {open === row.id && (
                        <tr>
                          <td colSpan={5} className="bytes">
                            <Scrolled label="Bytes of the record" text={plain(row.bytes)} />
                            {mayReplay && (
                              <Button onClick={() => setReplaying({ ids: [row.id] })}>Replay this…</Button>
                            )}
                          </td>
                        </tr>
                      )}
                    </Fragment>
                  ))}
                </tbody>
              </table>
              {rejects.hasNextPage && (
                <footer className="more">
                  <small>The newest {number(rows.length)} are shown, and there are more.</small>
                  <Button disabled={rejects.isFetchingNextPage} onClick={() => rejects.fetchNextPage()}>
                    Show more
                  </Button>
                </footer>
              )}
            </>
          )
        }}
      </Part>
      {replaying && <Replay chosen={replaying} onClose={stopReplaying} />}
    </Sideways>
  )
}
