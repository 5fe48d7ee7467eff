import { useAsk } from '../../api/client.ts'
import { Header } from '../../shell/header.tsx'
import { Part } from '../../ui/states.tsx'
import { Calendar } from './calendar.tsx'
import { Digests } from './digests.tsx'
import { Followers } from './followers.tsx'
import { LogTypes } from './log-types.tsx'
import { Rejects } from './rejects.tsx'
import { Table } from './table.tsx'
import { Totals } from './totals.tsx'
import './sources.css'

/** The sources of logs: whether they are late, complete and read without rejects. */
export function Sources() {
  const sources = useAsk('sources', {})
  return (
    <>
      <Header title="Sources" />
      <div className="page roomy sources">
        <Part of={sources} rows={10}>
          {(data) => (
            <>
              <Totals data={data} />
              <Table data={data} />
              <Calendar />
              {data.digests && <Digests digests={data.digests} />}
              <Rejects />
              <div className="two">
                <LogTypes data={data} />
                <Followers data={data} />
              </div>
            </>
          )}
        </Part>
      </div>
    </>
  )
}
