import { normalise } from '../normalise.ts'

/**
 * The words of which attacks are made, in the languages that have spaces, as stems (`regel*`) or whole words. Five
 * classes: what asks to ignore (`drop`), what went before (`prior`), what it was (`rules`), what asks to show (`show`), and whose it is
 * (`inner`). A sentence with drop, prior and rules, or show, inner and rules, is one pattern in all of them, whatever the order of its words.
 */
/** Bits: `orders` is what only stands beside `drop`; a verb that is `last` stands behind its object. */
export const CLASS = { drop: 1, prior: 2, rules: 4, show: 8, inner: 16, orders: 32, last: 64 }

/** By language: drop; prior; rules; show; inner; orders. A verb with `!` is last. */
const WORDS: Record<string, string> = {
  en: 'ignore disregard forget override overwrite bypass discard neglect dismiss; previous* prior above earlier preceding all any former existing foregoing original initial your system; instruction* prompt* rule rules guideline* directive* programming; reveal show print repeat output tell display disclose share leak expose recite echo dump what* give; system* initial hidden secret original your internal confidential; command* constraint* restriction* direction* task*',
  de: 'ignorier ignoriere ignoriert vergiss vergesst missachte uberspringe umgehe !ignorieren !vergessen !missachten !umgehen; vorherig* bisherig* obig* alle* fruher* vorangegangen* vorig* dein* system*; anweisung* instruktion* regeln vorgabe* prompt* systemprompt* richtlinie*; zeig zeige nenn nenne verrate wiederhol* offenbare gib !zeigen !verraten; system* dein* geheim* ursprunglich* initial*; befehl* aufgabe* gesagt*',
  fr: 'ignore ignorez ignorer oublie oubliez neglige contourne* !ignorer; precedent* anterieur* dessus toutes tous tes vos systeme; instruction* consigne* regles directive* prompt*; montre* revele* affiche* repete* donne*; systeme* ton tes votre vos secret* initial* cache*; ordres commandes',
  es: 'ignora ignore ignorar olvida olvide omite descarta*; anterior* previ* todas todos tu tus sistema; instruccion* reglas directrices indicacion* prompt*; muestra* revela* repite* imprime* dime; sistema* tu tus secret* inicial*; ordenes comandos',
  pt: 'ignore ignora ignorar esqueca esquece desconsidere; anterior* previ* todas todos suas seu sistema; instruc* regras diretriz* prompt*; mostr* revel* repita imprima diga; sistema* seu suas secret* inicia*; ordens comandos',
  it: 'ignora ignorate ignorare dimentica* tralascia*; precedent* tutte tutti tuo tue sistema; istruzion* regole direttiv* prompt*; mostra* rivela* ripeti* stampa* dimmi; sistema* tuo tue tuoi segret* inizial*; ordini comandi',
  nl: 'negeer vergeet !negeren !vergeten; vorige voorgaande eerdere alle bovenstaande je jouw; instructie* regels richtlijn* prompt* systeemprompt*; toon onthul* herhaal laat geef; systeem* jouw je geheime; opdracht*',
  pl: 'zignoruj* ignoruj* zapomnij pomin*; poprzedni* wczesniejsz* wszystki* powyzsz* swoje; instrukcj* zasad* regul* wytyczn* prompt*; pokaz* ujawnij* powtorz* wyswietl*; systemow* swoje twoje tajn*; polecen*',
  ru: 'игнорируй* проигнорируй* забудь* отмени*; предыдущ* все прежн* вышеуказанн* прошл* выше свои свой; инструкци* указани* правил* промпт*; покажи* раскрой* повтори* выведи*; системн* свой свои твои твой скрыт*; команд*',
  uk: 'ігноруй* проігноруй* забудь*; попередн* всі усі свої; інструкц* вказівк* правил* промпт*; покажи* розкрий* повтори* виведи*; системн* свої твої прихован*; команд*',
  cs: 'ignoruj* zapomen*; predchoz* vsechny sve; instrukc* pokyn* pravidl*; ukaz* odhal* zopakuj* vypis*; systemov* sve tve; prikaz*',
  sv: 'ignorera* glom bortse; tidigare foregaende alla dina; instruktion* regler anvisning*; visa avsloja upprepa skriv; system* din dina hemlig*; order',
  da: 'ignorer glem; tidligere foregaende alle dine; instruktion* regler anvisning*; vis afslor gentag; system* din dine hemmelig*; ordrer',
  fi: 'unohda* ohita; aiemmat aikaisemmat edelliset kaikki; ohjeet ohjeita saannot; nayta paljasta toista; jarjestelma* salai*; kaskyt',
  hu: 'hagyd felejtsd; korabbi elozo osszes; utasitas* szabaly*; mutasd ismeteld; rendszer* titkos; parancs*',
  ro: 'ignora* uita; anterioare precedente toate; instructiun* reguli*; arata dezvaluie repeta; sistem* secret*; comenzi',
  tr: '!yoksay* !yok !gormezden !unut* !boş; onceki* tum butun sana; talimat* kural* yonerge* istem*; !goster* !acıkla* !tekrarla* !yazdır* !soyle*; sistem* gizli senin; komut*',
  az: '!nəzərə !unut*; əvvəlki* bütün; təlimat* göstəriş* qayda*; !göstər* !təkrarla*; sistem* gizli; əmr*',
  id: 'abaikan lupakan acuhkan; sebelumnya semua; instruksi* perintah* aturan*; tampilkan ungkapkan ulangi tunjukkan; sistem* rahasia anda; tugas',
  vi: 'bỏ quên; trước trên tất; lệnh thị quy; hiển tiết lặp; hệ bí; nhiệm',
  el: 'αγνόησε* ξέχασε* αγνοήστε*; προηγούμεν* όλες; οδηγί* κανόν*; δείξε* αποκάλυψε* επανάλαβε*; συστήματ* κρυφ*; εντολ*',
  ar: 'تجاهل انس انسى انسَ; السابق* جميع كل أعلاه; التعليمات تعليمات* القواعد موجه; اعرض اكشف اطبع كرر اظهر; النظام نظام* السرية; الأوامر قيل',
  fa: '!نادیده !فراموش; قبلی تمام همه پیشین; دستور* قوانین; !نشان !فاش !تکرار; سیستم*; فرمان*',
  he: 'התעלם* שכח*; הקודמ* כל; ההוראות הוראות* הכללים; הצג חשוף הדפס; המערכת; פקודות',
  hi: '!अनदेखा !नज़रअंदाज़ !नजरअंदाज !भूल*; पिछले पिछली सभी पूर्व सिस्टम*; निर्देश* नियम* प्रॉम्प्ट*; !दिखा* !बता* !प्रकट !दोहरा*; सिस्टम* गुप्त अपना; आदेश*',
  bn: '!উপেক্ষা !ভুলে; পূর্ববর্তী আগের সব; নির্দেশ* নিয়ম*; !দেখাও !প্রকাশ; সিস্টেম*; আদেশ*',
}

/** In scripts without spaces, and in Korean, whose endings are many: bounded gaps keep these linear. */
const RUNS: readonly [rule: string, pattern: string][] = [
  [
    'override',
    '(忽略|无视|忽视|忘记|忘掉|忘了|不要理会|無視|忽視|抛开|绕过)[^。\\n]{0,12}(之前|以上|上面|前面|先前|此前|所有|一切|全部|原有|系统|系統)[^。\\n]{0,10}(指令|指示|说明|規則|规则|提示|命令|要求|设定|設定|限制)',
  ],
  [
    'reveal',
    '(显示|输出|告诉我|打印|透露|重复|泄露|展示|公开|给我|給我|說出|说出)[^。\\n]{0,10}(系统|系統|初始|隐藏|你的|原始|秘密)[^。\\n]{0,6}(提示|指令|指示|设定|规则|密码|密钥)',
  ],
  [
    'override',
    '(以前|これまで|前の|上記|先ほど|すべて|全て|今まで)[^。\\n]{0,8}(指示|命令|ルール|プロンプト|指令|規則|制約)[^。\\n]{0,8}(無視し|忘れ|破棄|従わない)',
  ],
  [
    'reveal',
    '(システム|初期|隠された|秘密|あなたの)[^。\\n]{0,6}(プロンプト|指示|命令|ルール)[^。\\n]{0,10}(見せ|表示|教え|出力|開示|繰り返)',
  ],
  [
    'override',
    '(이전|앞선|위의|지금까지|모든|기존)[^.\\n]{0,10}(지시|명령|지침|규칙|프롬프트|설정)[^.\\n]{0,10}(무시|잊|따르지)',
  ],
  [
    'reveal',
    '(시스템|초기|숨겨진|비밀|너의|당신의)[^.\\n]{0,6}(프롬프트|지시|지침|규칙|명령)[^.\\n]{0,12}(보여|알려|출력|공개|반복|말해)',
  ],
  [
    'override',
    '(ละเว้น|เพิกเฉย|ไม่ต้องสนใจ|ลืม|อย่าสนใจ)[^\\n]{0,20}(คำสั่ง|คำแนะนำ|กฎ|ข้อความ)[^\\n]{0,20}(ก่อนหน้า|ข้างต้น|ทั้งหมด|เดิม)',
  ],
]

/** Words in their order, with at most two others between: alternatives are joined by `|`. */
const PHRASES: readonly [rule: string, phrases: readonly string[]][] = [
  [
    'persona',
    [
      'do anything now',
      'developer|god|jailbreak|dan|unrestricted|debug mode enabled|activated|engaged',
      'you are|re now unrestricted|unfiltered|jailbroken|dan|uncensored|evil',
      'act|pretend|behave|respond|answer as|like unrestricted|unfiltered|uncensored|jailbroken|dan|evil|amoral',
      'ai|assistant|model|you|respond|answer|operate|act without|no restrictions|limitations|filters|censorship|morals|ethics',
      'not|never bound|restricted by rules|policies|guidelines|restrictions|openai',
      'no longer bound|restricted|limited|constrained',
      'freed|free from|of restrictions|constraints|confines|chains',
      'disable|ignore|bypass your|all|any safety|content|ethical filters|filter|guidelines|protocols|policies|measures',
      'unrestricted|unfiltered|uncensored|jailbroken|jailbreak mode|assistant|ai|model|version|persona|chatbot',
      'pretend|imagine|suppose|act|assume you|there no|without|zero rules|restrictions|limits|limitations|filters|guidelines',
      'never refuse|refuses|reject|decline request|requests|anything|any|to|my|question|questions',
      'jailbreak|bypass|circumvent|evade|override|disable your safety|content|ethics|ethical|guardrails|restrictions|filters',
    ],
  ],
  [
    'conceal',
    [
      'do|don|never not|t|ever tell|mention|inform|notify|alert|warn user|users|human about|of|that|this|anything|you',
      'without telling|informing|notifying|alerting|asking user|users|human',
      'keep this|it secret|hidden from user|users|human',
    ],
  ],
  [
    'authority',
    [
      'new|updated|urgent|special|priority instruction|instructions|directive|directives for|from|to you|system|assistant|ai|model',
      'system|admin|administrator override command|code|engaged|accepted|authorized|authorised',
      'your new|next|real|actual task|job|role|goal|objective|mission is|now',
      'strictly adhere following instruction|instructions',
      'comply|follow following request|instruction|instructions|steps|command instead',
      'attention|message|note|instruction|instructions to|for ai|llm|language assistant|assistants|model|models|agent|agents',
      'if you are ai|llm|language model|assistant|agent|llm',
    ],
  ],
  [
    'override',
    [
      'forget everything|anything you|above|i|previous were|told|said|wrote|instructed|learned|know',
      'forget|ignore|disregard everything|anything|all above|before|previous|prior',
      'stop following your|the|all instructions|rules|guidelines|prompt',
      'ignore|disregard|forget above|preceding|foregoing instead|say|print|return|output|respond|write|answer|do',
      'previous|prior|earlier|existing|your instructions|rules|directives|guidelines|prompt|restrictions revoked|void|cancelled|canceled|nullified|superseded|rescinded|suspended|lifted',
      'bypass|ignore|skip|override security|limits|restrictions|filters|policy|safety reveal|dump|show|expose|print|leak|list',
      'vergiss|vergesst|vergesse|ignoriere|ignoriert|losche alles|alle|was davor|zuvor|bisher|bisherige|vorher|vorherige|vorherigen',
      'nicht|kein|keine|statt|abweichend zu|auf|an vorherigen|bisherigen|vorigen|obigen instruktionen|anweisungen|aufgaben|angaben|vorgaben',
    ],
  ],
]

/** Marks of chat templates, which belong to no user's text. */
export const TEMPLATE_MARKS: readonly string[] = [
  ...[
    '<|im_start|>',
    '<|im_end|>',
    '<|system|>',
    '<|assistant|>',
    '<|endoftext|>',
    '<|start_header_id|>',
    '<|eot_id|>',
  ],
  ...[
    '[inst]',
    '[/inst]',
    '<<sys>>',
    '<</sys>>',
    '### system:',
    '[system message]',
    '[system]:',
    '</system>\n',
    '<system>\n',
  ],
]

export interface Entry {
  stem: string
  /** Whether a word may go on behind it. */
  open: boolean
  /** Bits of `CLASS`. */
  classes: number
  /** Steps of phrases that it takes: phrase and step. */
  steps: readonly (readonly [phrase: number, step: number])[]
}

export interface Lexicon {
  /** Entries by the first three characters of their stems (`sieveOf`). */
  entries: readonly (readonly Entry[] | undefined)[]
  phrases: readonly { rule: string; steps: number }[]
  /** The last words of a run, and what stands before them. */
  runs: readonly { rule: string; last: RegExp; before: RegExp; script: number }[]
}

/** The first three characters of a word as a number below 4,096. */
export function sieveOf(text: string, from: number, to: number): number {
  const second = from + 1 < to ? text.charCodeAt(from + 1) : 0
  const third = from + 2 < to ? text.charCodeAt(from + 2) : 0
  return (text.charCodeAt(from) * 961 + second * 31 + third) & 4095
}

/** The lexicon as `patterns.ts` reads it: every word as `normalise` writes it. */
export function lexiconOf(): Lexicon {
  const found = new Map<string, Entry & { steps: [number, number][] }>()
  // A verb may be last in one language and first in another: it has an entry for each.
  const entryOf = (word: string, last = false) => {
    const open = word.endsWith('*')
    const stem = normalise(open ? word.slice(0, -1) : word).text
    const key = `${last ? '!' : ''}${stem}${open ? '*' : ''}`
    const entry = found.get(key) ?? { stem, open, classes: 0, steps: [] }
    found.set(key, entry)
    return entry
  }
  for (const words of Object.values(WORDS))
    for (const [index, group] of words.split(';').entries())
      for (const word of group.trim().split(/\s+/)) {
        const last = word.startsWith('!')
        entryOf(last ? word.slice(1) : word, last).classes |= (1 << index) | (last ? CLASS.last : 0)
      }
  const phrases: { rule: string; steps: number }[] = []
  for (const [rule, own] of PHRASES)
    for (const phrase of own) {
      const steps = phrase.split(' ')
      for (const [step, words] of steps.entries())
        for (const word of words.split('|')) entryOf(word).steps.push([phrases.length, step])
      phrases.push({ rule, steps: steps.length })
    }
  const entries = new Array<Entry[] | undefined>(4096).fill(undefined)
  for (const entry of found.values()) {
    const sieve = sieveOf(entry.stem, 0, entry.stem.length)
    entries[sieve] = [...(entries[sieve] ?? []), entry]
    // A stem of one or two letters begins longer words, too.
    if (entry.open && entry.stem.length < 3) throw new RangeError(`the stem ${entry.stem}* is too short`)
  }
  return { entries, phrases, runs: RUNS.map(runOf) }
}

/** The last words are looked for first, as nearly no text has them. */
function runOf([rule, pattern]: readonly [string, string]) {
  const cut = pattern.lastIndexOf('(')
  return {
    rule,
    last: new RegExp(pattern.slice(cut), 'g'),
    before: new RegExp(`${pattern.slice(0, cut)}$`),
    script: scriptOf(pattern),
  }
}

/** The bit of `patterns.ts` for the script that a pattern is in. */
function scriptOf(pattern: string): number {
  if (/[\u0e00-\u0e7f]/.test(pattern)) return 4
  if (/[\uac00-\ud7a3]/.test(pattern)) return 32
  return /[\u3040-\u30ff]/.test(pattern) ? 8 : 16
}
