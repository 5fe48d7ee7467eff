import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A port of the loopback address that nobody listens on yet. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

/** Waits until somebody listens on a port. */
export async function listening(port: number): Promise<void> {
  for (let n = 0; n < 600; n++) {
    const isThere = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        done(true)
      })
      socket.on('error', () => done(false))
    })
    if (isThere) return
    await wait(100)
  }
  throw new Error(`nobody listens on ${port}`)
}
