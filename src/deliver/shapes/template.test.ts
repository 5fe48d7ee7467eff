import { expect, test } from 'vitest'
import { logTables } from '../../tables/index.ts'
import { template } from './template.ts'

const table = logTables.find(({ name }) => name === 'cloudtrail')
if (!table) throw new Error('there is no cloudtrail')

test.each(['made', 'added', 'given', 'record', 'one'])(
  'a column may be called %s beside others',
  async (name) => {
    const open = await template.open({
      table,
      type: undefined,
      version: '0',
      template: `eventname as "${name}", awsregion as region`,
    })
    const [shaped] = await open.shape([{ eventname: 'GetObject', awsregion: 'eu-central-1' }])
    expect(JSON.parse(shaped?.text ?? '')).toEqual({ [name]: 'GetObject', region: 'eu-central-1' })
    open.close?.()
  },
)
