import { describe, expect, it } from 'vitest'
import { proxyAuthorization, proxyFor } from './proxy.ts'

const by = (environment: Record<string, string>, address = 'https://sqs.eu-central-1.amazonaws.com/') =>
  proxyFor(new URL(address), environment)?.href

describe('the proxy for an address', () => {
  it('is that of its scheme, the small name first', () => {
    expect(by({ HTTPS_PROXY: 'http://a:1' })).toBe('http://a:1/')
    expect(by({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })).toBe('http://b:2/')
    expect(by({ HTTP_PROXY: 'http://a:1' })).toBeUndefined()
    expect(by({ HTTP_PROXY: 'http://a:1' }, 'http://127.0.0.1:5000')).toBe('http://a:1/')
    expect(by({ HTTPS_PROXY: '', NO_PROXY: '' })).toBeUndefined()
  })

  it('may be written without a scheme', () => {
    expect(by({ HTTPS_PROXY: 'proxy.example.com:3128' })).toBe('http://proxy.example.com:3128/')
  })

  it.each(['socks5://a:1', 'http://', 'a b'])('%s is none, which is said', (written) => {
    expect(() => by({ HTTPS_PROXY: written })).toThrow('HTTPS_PROXY is no proxy')
  })

  it.each([
    ['*', true],
    ['sqs.eu-central-1.amazonaws.com', true],
    ['amazonaws.com', true],
    ['.amazonaws.com', true],
    ['*.amazonaws.com', true],
    ['other.example.com, AMAZONAWS.COM', true],
    ['amazonaws.com:443', true],
    ['amazonaws.com:8443', false],
    ['zonaws.com', false],
    ['eu-central-1.amazonaws.com.example.com', false],
    ['', false],
  ])('NO_PROXY=%s: excepted is %s', (list, excepted) => {
    expect(by({ HTTPS_PROXY: 'http://a:1', NO_PROXY: list }) === undefined).toBe(excepted)
  })

  it('excepts addresses of both kinds', () => {
    const environment = { HTTPS_PROXY: 'http://a:1', NO_PROXY: '127.0.0.1,::1,[fd12::1]:8088' }
    expect(by(environment, 'https://127.0.0.1:8088')).toBeUndefined()
    expect(by(environment, 'https://[::1]:8088')).toBeUndefined()
    expect(by(environment, 'https://[fd12::1]:8088')).toBeUndefined()
    expect(by(environment, 'https://[fd12::1]')).toBe('http://a:1/')
  })
})

it('name and password of a proxy are a header', () => {
  expect(proxyAuthorization(new URL('http://a%40b:c%3Ad@proxy:3128'))).toEqual({
    'proxy-authorization': `Basic ${Buffer.from('a@b:c:d').toString('base64')}`,
  })
  expect(proxyAuthorization(new URL('http://proxy:3128'))).toEqual({})
})
