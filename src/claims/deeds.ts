/**
 * Actions and outcomes, one a line: their words in sentences, and the words that rows must have for them,
 * since APIs use other words.
 */
const DEEDS: readonly (readonly [said: RegExp, shown: RegExp])[] = [
  [
    /^(?:den(?:y|ied|ies|ials?)|refus\w+|forb\w+|reject\w*|unauthori[sz]ed)$/,
    /\b(?:deni|deny|refus|forbid|unauthor|reject|(?<!no )error ?code)/,
  ],
  [/^(?:fail\w*|unsuccessful\w*)$/, /\b(?:fail|(?<!no )error|exception|den[iy]|refus|throttl|invalid)/],
  [
    /^(?:succe\w+|allowed|permitted|granted)$/,
    /\b(?:success|succeed|complet|allow|permit|grant|no error ?code)/,
  ],
  [
    /^(?:delet\w*|destroy\w*|remov\w*|eras(?:e|ed|ing)|wiped?)$/,
    /\b(?:delet|destroy|remov|eras|deregist|wipe)/,
  ],
  [
    /^(?:stop(?:ped|s|ping)?|disabl\w*|deactivat\w*|switch\w*|turned)$/,
    /\b(?:stop|disabl|deactiv|switch|turn|delet|terminat|off\b)/,
  ],
  [/^terminat\w*$/, /\b(?:terminat|stop|end)/],
  [/^(?:enabl\w*|launch\w*|activat\w*)$/, /\b(?:start|enabl|launch|run|activ|creat)/],
  [/^creat\w+$/, /\b(?:creat|put|add|new|regist|run)/],
  [/^(?:invok\w+|invocations?)$/, /\b(?:invo|converse)/],
  [/^assum(?:e|ed|es|ing)$/, /\b(?:assum|role)/],
  [/^(?:encrypt\w*|decrypt\w*)$/, /\b(?:encrypt|decrypt|kms)/],
  [/^throttl\w*$/, /\b(?:throttl|too ?many|rate)/],
  [/^(?:upload\w*|download\w*)$/, /\b(?:upload|download|put ?object|get ?object)/],
  [/^(?:attach\w*|detach\w*)$/, /\b(?:attach|detach)/],
  [/^(?:stole|stolen|steals?|theft|hack\w*|leak(?:s|ed|ing)?)$/, /\b(?:stole|steal|theft|hack|leak)/],
]

/** The first deed that a text tells of and what is shown does not; undefined when all is shown. */
export function unshownDeed(text: string, shown: string): string | undefined {
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? [])
    for (const [said, needs] of DEEDS) if (said.test(word) && !needs.test(shown)) return word
  return undefined
}

/** `DeleteTrail` → `delete trail`: the words of names, in small letters. */
export function wordsOfNames(text: string): string {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/[_.:/-]+/g, ' ')
    .toLowerCase()
}
