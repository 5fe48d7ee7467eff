import { connect } from 'node:net'
import { sentence } from '../../../lib/errors.ts'
import { proxyFor } from '../../../lib/proxy.ts'
import { tunnel } from '../../../lib/tunnel.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok } from '../contract.ts'
import type { DestinationFacts } from '../setup.ts'

const CONNECT_MS = 5_000

type Address = NonNullable<DestinationFacts['address']>

export const destinations: Check = {
  name: 'destinations',
  group: 'What leaves',
  title: 'Destinations can be reached',
  doc: 'With --reach: opens a connection to every destination of the network, and closes it again; nothing is sent. Where HTTPS_PROXY or HTTP_PROXY leads to it, through that proxy.',
  permissions: [],
  mends: 'The address in loglake.yaml, a firewall or a proxy in between.',
  async run({ setup, reach }) {
    const all = setup.destinations.filter(({ address }) => address !== undefined)
    if (all.length === 0) return [none('no destination has an address of its own')]
    if (!reach) return [none(`${all.length} not asked: --reach does it`)]
    return await Promise.all(
      all.map(async ({ name, address }): Promise<Line> => {
        const at: Address = address ?? { host: '', port: 0 }
        const { host, port, url } = at
        try {
          const by = await opened(at)
          return ok(`${host}:${port} answers${by}`, name)
        } catch (thrown) {
          return not(
            `${host}:${port} cannot be reached: ${sentence(thrown)}`,
            {
              does: 'See that the address is right, and that this machine may go there.',
              commands: [
                url === undefined ? sh`nc -vz ${host} ${port}` : sh`curl -sS ${url}`,
                'loglake deliver',
              ],
            },
            name,
          )
        }
      }),
    )
  },
}

/** Connects as deliveries do: through a proxy where the environment names one. Returns how. */
async function opened({ host, port, url }: Address): Promise<string> {
  const proxy = url === undefined ? undefined : proxyFor(new URL(url))
  if (!proxy) {
    await connected(host, port)
    return ''
  }
  const name = host.includes(':') ? `[${host}]` : host
  const socket = await tunnel(proxy, `${name}:${port}`, CONNECT_MS)
  socket.destroy()
  return `, by the proxy ${proxy.host}`
}

function connected(host: string, port: number): Promise<void> {
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
