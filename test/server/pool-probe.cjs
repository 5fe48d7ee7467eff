// Loaded into a server by `--require`: at SIGUSR2 it has each thread of Node's pool open a named pipe, which waits
// for a writer that never comes, and tells how many threads wait.
const { open, readdirSync, readFileSync } = require('node:fs')

/** The number of the system call `openat`. */
const OPENAT = { x64: '257', arm64: '56' }[process.arch]

process.on('SIGUSR2', () => {
  const pipes = process.env.PIPES
  for (const name of readdirSync(pipes)) open(`${pipes}/${name}`, 'r', () => undefined)
  let [waiting, same] = [0, 0]
  const look = setInterval(() => {
    const now = readdirSync('/proc/self/task').filter((thread) => {
      const [called, , name] = readFileSync(`/proc/self/task/${thread}/syscall`, 'utf8').split(' ')
      return called === OPENAT && name !== undefined
    }).length
    same = now === waiting && now > 0 ? same + 1 : 0
    waiting = now
    if (same < 5) return
    clearInterval(look)
    console.error(`${waiting} threads wait`)
  }, 50)
})
