// The program as it is installed, called again and again in one process: each call evaluates the program's entry anew,
// and finds loaded what it imports. The parent sends calls one after the other.

const ENTRY = new URL('../../dist/bundle/program/main.js', import.meta.url)
const streams = [process.stdout, process.stderr]

process.on('message', async ({ number, args, cwd, env, mark }) => {
  process.chdir(cwd)
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
  process.argv = [process.argv[0], ENTRY.pathname, ...args]
  await import(`${ENTRY}?call=${number}`)
  const code = process.exitCode
  process.exitCode = undefined
  leave()
  for (const stream of streams) stream.write(`${mark}${code}${mark}`)
})
// Whoever called is gone.
process.on('disconnect', () => process.exit())

/** Takes off what a call puts on the process, which would have ended with it. */
function leave() {
  for (const event of ['uncaughtException', 'SIGINT', 'SIGTERM']) process.removeAllListeners(event)
  for (const stream of streams) {
    stream.removeAllListeners('error')
    // The program puts its own before the stream's, which masks secrets.
    delete stream.write
  }
}
