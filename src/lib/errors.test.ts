import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LakeError, readError, systemError, UserError } from './errors.ts'
import { listenError } from './listening.ts'

const remedies = { full: 'make room', forbidden: 'permit it', other: 'look' }
const failed = (code: string, message = code) => Object.assign(new Error(message), { code })

it.each([
  ['ENOSPC', 'no space left to write', 'make room'],
  ['EDQUOT', 'no space left to write', 'make room'],
  ['EACCES', 'not allowed to write', 'permit it'],
  ['EROFS', 'not allowed to write', 'permit it'],
  ['EIO', 'cannot write: EIO', 'look'],
])('%s has the remedy of whoever was writing', (code, what, remedy) => {
  expect(systemError('write', '/f', failed(code), remedies)).toMatchObject({ what, file: '/f', remedy })
})

it('knows what the engine says of a full disk', () => {
  const thrown = new Error('IO Error: Could not write all bytes: No space left on device')
  expect(systemError('write', '/f', thrown, remedies)).toMatchObject({ remedy: 'make room' })
})

it('an error that has a remedy keeps it', () => {
  const own = new LakeError('gone', { file: '/g', remedy: 'restore it' })
  expect(systemError('write', '/f', own, remedies)).toBe(own)
})

it.each(['EACCES', 'EIO', 'EMFILE'])('a log file that cannot be read (%s) is none of the lake', (code) => {
  expect(readError('/logs/a.json.gz', failed(code)).message).not.toMatch(/vacuum|verify|--lake/)
})

it.each([
  ['EADDRINUSE', 'port 80 of localhost is taken: set another with --port'],
  ['EACCES', 'not allowed to listen on port 80 of localhost: set one above 1023 with --port'],
  ['EADDRNOTAVAIL', 'localhost is no address of this machine: 127.0.0.1 is, and 0.0.0.0 is all of them'],
  ['EMFILE', 'cannot listen on port 80 of localhost: EMFILE'],
])('a port that cannot be listened on: %s', (code, message) => {
  const error = listenError(failed(code), 'localhost', 80, '--port')
  expect(error).toBeInstanceOf(UserError)
  expect(error.message).toBe(message)
})

it('this folder names no command and no option of the command line', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /(?<!\.test)\.ts$/.test(name))
  const named = files.filter((name) => {
    const code = readFileSync(join(import.meta.dirname, name), 'utf8').replace(/^ *(\/?\*|\/\/).*$/gm, '')
    return /`loglake [a-z]|\bloglake (run|vacuum|verify)\b|--(lake|config|port|host)\b/.test(code)
  })
  expect(named).toEqual([])
})
