import { describe, expect, it } from 'vitest'
import { personalIn } from './scan.ts'

const found = (text: string, options = {}) =>
  personalIn(text, options).map(({ rule, from, to }) => [rule, text.slice(from, to)])

describe('personal data', () => {
  it.each([
    [
      'EMAIL_ADDRESS',
      'Write to eva.muster+news@mail.example.org, please.',
      'eva.muster+news@mail.example.org',
    ],
    ['EMAIL_ADDRESS', "write to john.o'neil+aws@sub.example.co.uk.", "john.o'neil+aws@sub.example.co.uk"],
    ['EMAIL_ADDRESS', "d'angelo@example.com", "d'angelo@example.com"],
    ['EMAIL_ADDRESS', "print(b'jo@example.com')", 'jo@example.com'],
    ['EMAIL_ADDRESS', "to='jo@example.com'", 'jo@example.com'],
    ['EMAIL_ADDRESS', 'mailto:jo@exämple.de?subject=x', 'jo@exämple.de'],
    ['EMAIL_ADDRESS', 'an jörg.müller+x@büro.example bitte', 'jörg.müller+x@büro.example'],
    ['EMAIL_ADDRESS', 'name=jo\u0308rg@exa\u0308mple.org', 'jo\u0308rg@exa\u0308mple.org'],
    ['EMAIL_ADDRESS', 'почта: имя@пример.рф.', 'имя@пример.рф'],
    ['EMAIL_ADDRESS', 'δοκιμή@παράδειγμα.δοκιμή', 'δοκιμή@παράδειγμα.δοκιμή'],
    ['EMAIL_ADDRESS', 'लिखें अजय@डाटा.भारत', 'अजय@डाटा.भारत'],
    ['EMAIL_ADDRESS', 'عربي@مثال.إختبار', 'عربي@مثال.إختبار'],
    ['EMAIL_ADDRESS', 'ada@bücher.xn--p1ai', 'ada@bücher.xn--p1ai'],
    ['EMAIL_ADDRESS', '邮箱：用户@例子.公司。', '用户@例子.公司'],
    ['EMAIL_ADDRESS', '小明@example.cn', '小明@example.cn'],
    // Beside words of a script without spaces.
    ['EMAIL_ADDRESS', '发送到ada@example.org吧', 'ada@example.org'],
    ['EMAIL_ADDRESS', 'こちらuser@example.jpまで', 'user@example.jp'],
    ['EMAIL_ADDRESS', '이메일은user@example.kr입니다', 'user@example.kr'],
    ['CREDIT_CARD', 'Paid with 4111 1111 1111 1111 today', '4111 1111 1111 1111'],
    ['CREDIT_CARD', 'amex 378282246310005', '378282246310005'],
    ['CREDIT_CARD', 'card 6304 0000 0000 0000', '6304 0000 0000 0000'],
    ['IBAN_CODE', 'To DE89 3704 0044 0532 0130 00, thanks', 'DE89 3704 0044 0532 0130 00'],
    ['IBAN_CODE', 'my iban is gb29nwbk60161331926819', 'gb29nwbk60161331926819'],
    ['PHONE_NUMBER', 'Call +49 (30) 901820 at noon', '+49 (30) 901820'],
    ['PHONE_NUMBER', 'Phone: 030 901820', '030 901820'],
    ['US_SSN', 'SSN 856-45-6789', '856-45-6789'],
    ['US_ITIN', 'itin 911-70-1234', '911-70-1234'],
    ['US_PASSPORT', 'passport number 912803456', '912803456'],
    ['US_NPI', 'NPI: 1234567893', '1234567893'],
    ['US_BANK_NUMBER', 'my bank account 945456787654', '945456787654'],
    ['ABA_ROUTING_NUMBER', 'routing number 021000021', '021000021'],
    ['UK_NHS', 'NHS number 943 476 5919', '943 476 5919'],
    ['UK_NINO', 'National insurance: AB 12 34 56 C', 'AB 12 34 56 C'],
    ['ES_NIF', 'DNI 12345678Z', '12345678Z'],
    ['ES_NIE', 'NIE X1234567L', 'X1234567L'],
    ['IT_FISCAL_CODE', 'CF RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
    ['DE_TAX_ID', 'Steuer-ID 86095742719', '86095742719'],
    ['PL_PESEL', 'PESEL 44051401359', '44051401359'],
    ['FI_PERSONAL_IDENTITY_CODE', 'hetu 131052-308T', '131052-308T'],
    ['SE_PERSONNUMMER', 'personnummer 811218-9876', '811218-9876'],
    ['IN_AADHAAR', 'Aadhaar 2341 2341 2346', '2341 2341 2346'],
    ['IN_PAN', 'PAN card ABCPE1234F', 'ABCPE1234F'],
    ['SG_NRIC_FIN', 'NRIC S1234567D', 'S1234567D'],
    ['AU_TFN', 'TFN 123 456 782', '123 456 782'],
    ['CRYPTO', 'to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['CRYPTO', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['US_SSN', 'ssn:536904399', '536904399'],
    ['CREDIT_CARD', 'card:4111111111111111', '4111111111111111'],
    ['CREDIT_CARD', 'card number:4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['IBAN_CODE', 'IBAN:DE89370400440532013000', 'DE89370400440532013000'],
    ['PHONE_NUMBER', 'tel:415-555-0132', '415-555-0132'],
    ['UK_NHS', 'nhs:9434765919', '9434765919'],
    ['US_SSN', 'social_security_number=536904399', '536904399'],
    ['PHONE_NUMBER', 'telephone 415-555-0132', '415-555-0132'],
    ['PHONE_NUMBER', 'my number is 415-555-0132', '415-555-0132'],
    ['PHONE_NUMBER', 'contact 415-555-0132', '415-555-0132'],
    ['PHONE_NUMBER', 'ring me on 415-555-0132', '415-555-0132'],
    ['PHONE_NUMBER', 'phone: 4155550132', '4155550132'],
    ['PHONE_NUMBER', 'phone_number=4155550132', '4155550132'],
    ['MAC_ADDRESS', 'mac 0a:1b:2c:3d:4e:5f', '0a:1b:2c:3d:4e:5f'],
  ])('%s in: %s', (rule, text, value) => {
    expect(found(text)).toContainEqual([rule, value])
  })

  it.each([
    ['a card with a wrong digit', '4111 1111 1111 1112'],
    ['an IBAN with a wrong check', 'DE88 3704 0044 0532 0130 00'],
    ['a host', 'root@localhost'],
    ['a time', '2026-01-07T22:16:43Z and 1688990082523'],
    ['a version', 'release 10.20.30.40 of 2026'],
    ['a UUID', '4f1c09ab-1234-4123-8123-123456789012'],
    ['an account and an ARN', 'arn:aws:iam::111122223333:user/deploy in 111122223333'],
    ['a broadcast', 'ff:ff:ff:ff:ff:ff'],
    ['digits without a word for them', 'order 123456782, 44051401359 and 943 476 5919'],
    ['a count', 'the office has 1000000 users'],
    ['a count of calls', 'call function 1234567 times'],
    ['a cell of a sheet', 'Cell B12: 12345678'],
    ['an address of a repository', 'git@github.com:foo/bar.git'],
    ['a name of a picture', 'see file.name@2x.png'],
    ['an annotation in a script without spaces', '使用@app.route装饰器，参见@README.md'],
    ['a mention', '谢谢@小明，再见. 看@某人'],
    ['an account of an ARN', 'arn:aws:sns:eu-central-1:111122223333:phone'],
    ['a date', 'on 12.05.1983 or 1983-05-12, call me'],
    ['an address of the network', 'from 192.0.2.17'],
  ])('is not %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('is a digit away from nothing: each check digit counts', () => {
    for (const value of ['4111111111111111', 'GB29NWBK60161331926819', '378282246310005'])
      for (let at = 4; at < value.length; at++) {
        const digit = Number(value[at])
        if (Number.isNaN(digit)) continue
        const wrong = value.slice(0, at) + ((digit + 1) % 10) + value.slice(at + 1)
        expect(
          found(`it is ${wrong}`).filter(([rule]) => rule === 'CREDIT_CARD' || rule === 'IBAN_CODE'),
          wrong,
        ).toEqual([])
      }
  })

  it('is found by what it is asked for', () => {
    expect(found('from 192.0.2.17 and 2001:db8::1/64', { also: ['IP_ADDRESS'] })).toEqual([
      ['IP_ADDRESS', '192.0.2.17'],
      ['IP_ADDRESS', '2001:db8::1/64'],
    ])
    expect(found('order 123456782', { least: 0 }).map(([rule]) => rule)).toContain('AU_TFN')
    expect(found('a@example.org', { without: ['EMAIL_ADDRESS'] })).toEqual([])
    expect(found('a@example.org b@example.org', { max: 1 })).toHaveLength(1)
  })

  it('is several in one text, by their place', () => {
    expect(found('Two cards: 4111111111111111 5555555555554444, fax +1 415 555 0132')).toEqual([
      ['CREDIT_CARD', '4111111111111111'],
      ['CREDIT_CARD', '5555555555554444'],
      ['PHONE_NUMBER', '+1 415 555 0132'],
    ])
  })
})
