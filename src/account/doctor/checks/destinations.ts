import { connect } from 'node:net'
import { sentence } from '../../../lib/errors.ts'
import { type Check, type Line, none, not, ok } from '../contract.ts'

const CONNECT_MS = 5_000

export const destinations: Check = {
  name: 'destinations',
  group: 'What leaves',
  title: 'Destinations can be reached',
  doc: 'With --reach: opens a connection to every destination of the network, and closes it again; nothing is sent.',
  permissions: [],
  mends: 'The address in loglake.yaml, a firewall or a proxy in between.',
  async run({ setup, reach }) {
    const all = setup.destinations.filter(({ address }) => address !== undefined)
    if (all.length === 0) return [none('no destination has an address of its own')]
    if (!reach) return [none(`${all.length} not asked: --reach does it`)]
    return await Promise.all(
      all.map(async ({ name, address }): Promise<Line> => {
        const { host, port } = address ?? { host: '', port: 0 }
        try {
          await opened(host, port)
          return ok(`${host}:${port} answers`, name)
        } catch (thrown) {
          return not(
            `${host}:${port} cannot be reached: ${sentence(thrown)}`,
            {
              does: 'See that the address is right, and that this machine may go there.',
              commands: [`nc -vz ${host} ${port}`, 'loglake deliver'],
            },
            name,
          )
        }
      }),
    )
  },
}

function opened(host: string, port: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = connect({ host, port, timeout: CONNECT_MS })
    socket.once('connect', () => {
      socket.destroy()
      done()
    })
    socket.once('timeout', () => {
      socket.destroy()
      failed(new Error(`no answer after ${CONNECT_MS / 1000} s`))
    })
    socket.once('error', failed)
  })
}
