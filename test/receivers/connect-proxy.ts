import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A proxy that makes tunnels by CONNECT. */
export interface ConnectProxy {
  url: string
  /** What a tunnel was asked to, in order, and with which authorization. */
  asked: { target: string; authorization: string | undefined }[]
  /** Refuses all while it is set. */
  refuse: number | undefined
  stop(): Promise<void>
}

/** @param leadsTo where a tunnel to a host and port leads; to them, unless it says otherwise */
export async function startConnectProxy(
  leadsTo: (target: string) => { host: string; port: number } = (target) => ({
    host: target.slice(0, target.lastIndexOf(':')),
    port: Number(target.slice(target.lastIndexOf(':') + 1)),
  }),
): Promise<ConnectProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((_, response) => {
    response.writeHead(405)
    response.end()
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const target = request.url ?? ''
    proxy.asked.push({ target, authorization: request.headers['proxy-authorization'] })
    if (proxy.refuse !== undefined) return socket.end(`HTTP/1.1 ${proxy.refuse} Refused\r\n\r\n`)
    const to = connect(leadsTo(target), () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      to.pipe(socket)
      socket.pipe(to)
    })
    sockets.add(to)
    to.on('error', () => socket.destroy())
    socket.on('error', () => to.destroy())
    socket.on('close', () => to.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const proxy: ConnectProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    refuse: undefined,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
  return proxy
}
