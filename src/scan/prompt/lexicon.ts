import { normalise } from '../normalise.ts'

/**
 * The words of attacks, in languages with spaces, as stems (`regel*`) or whole words. Five classes: verbs of
 * ignoring (`drop`), words for what came before (`prior`), words for rules (`rules`), verbs of showing
 * (`show`), and words for the model's inside (`inner`). A sentence with drop, prior and rules, or with show,
 * inner and rules, is one pattern in all languages, in any order of words.
 */
/**
 * Bits: `orders` only counts together with `drop`; a verb that is `last` follows its object; what stands
 * `before` its noun, as `your` and `all` do, says nothing of a noun that it follows.
 */
export const CLASS = { drop: 1, prior: 2, rules: 4, show: 8, inner: 16, orders: 32, last: 64, before: 128 }

/**
 * By language: drop; prior; rules; show; inner; orders. A verb with `!` is last, a word with `<` is before.
 */
const WORDS: Record<string, string> = {
  en: 'ignore disregard forget override overwrite bypass discard neglect dismiss; previous* <prior above earlier preceding <all <any <former <existing <foregoing <original <initial <your system; instruction* prompt* rule rules guideline* directive* programming; reveal show print repeat output tell display disclose share leak expose recite echo dump what* give; system* initial hidden secret original <your internal confidential; command* constraint* restriction* direction* task*',
  de: 'ignorier ignoriere ignoriert vergiss vergesst missachte uberspringe umgehe !ignorieren !vergessen !missachten !umgehen; vorherig* bisherig* obig* <alle* fruher* vorangegangen* vorig* <dein* system*; anweisung* instruktion* regeln vorgabe* prompt* systemprompt* richtlinie*; zeig zeige nenn nenne verrate wiederhol* offenbare gib !zeigen !verraten; system* <dein* geheim* ursprunglich* initial*; befehl* aufgabe* gesagt*',
  fr: 'ignore ignorez ignorer oublie oubliez neglige contourne* !ignorer; precedent* anterieur* dessus <toutes <tous <tes <vos systeme; instruction* consigne* regles directive* prompt*; montre* revele* affiche* repete* donne*; systeme* <ton <tes <votre <vos secret* initial* cache*; ordres commandes',
  es: 'ignora ignore ignorar olvida olvide omite descarta*; anterior* previ* <todas <todos <tu <tus sistema; instruccion* reglas directrices indicacion* prompt*; muestra* revela* repite* imprime* dime; sistema* <tu <tus secret* inicial*; ordenes comandos',
  pt: 'ignore ignora ignorar esqueca esquece desconsidere; anterior* previ* <todas <todos <suas <seu sistema; instruc* regras diretriz* prompt*; mostr* revel* repita imprima diga; sistema* <seu <suas secret* inicia*; ordens comandos',
  it: 'ignora ignorate ignorare dimentica* tralascia*; precedent* <tutte <tutti <tuo <tue sistema; istruzion* regole direttiv* prompt*; mostra* rivela* ripeti* stampa* dimmi; sistema* <tuo <tue <tuoi segret* inizial*; ordini comandi',
  nl: 'negeer vergeet !negeren !vergeten; vorige voorgaande eerdere <alle bovenstaande <je <jouw; instructie* regels richtlijn* prompt* systeemprompt*; toon onthul* herhaal laat geef; systeem* <jouw <je geheime; opdracht*',
  pl: 'zignoruj* ignoruj* zapomnij pomin*; poprzedni* wczesniejsz* <wszystki* powyzsz* <swoje; instrukcj* zasad* regul* wytyczn* prompt*; pokaz* ujawnij* powtorz* wyswietl*; systemow* <swoje <twoje tajn*; polecen*',
  ru: 'игнорируй* проигнорируй* забудь* отмени*; предыдущ* <все прежн* вышеуказанн* прошл* выше <свои <свой; инструкци* указани* правил* промпт*; покажи* раскрой* повтори* выведи*; системн* <свой <свои <твои <твой скрыт*; команд*',
  uk: 'ігноруй* проігноруй* забудь*; попередн* <всі <усі <свої; інструкц* вказівк* правил* промпт*; покажи* розкрий* повтори* виведи*; системн* <свої <твої прихован*; команд*',
  cs: 'ignoruj* zapomen*; predchoz* <vsechny <sve; instrukc* pokyn* pravidl*; ukaz* odhal* zopakuj* vypis*; systemov* <sve <tve; prikaz*',
  sv: 'ignorera* glom bortse; tidigare foregaende <alla <dina; instruktion* regler anvisning*; visa avsloja upprepa skriv; system* <din <dina hemlig*; order',
  da: 'ignorer glem; tidligere foregaende <alle <dine; instruktion* regler anvisning*; vis afslor gentag; system* <din <dine hemmelig*; ordrer',
  no: 'ignorer glem; tidligere foregaende <alle <dine; instruksjon* regler anvisning* retningslinje*; vis avslor gjenta; system* <din <dine hemmelig*; ordrer',
  fi: 'unohda* ohita; aiemmat aikaisemmat edelliset <kaikki; ohjeet ohjeita saannot; nayta paljasta toista; jarjestelma* salai*; kaskyt',
  hu: 'hagyd felejtsd; korabbi elozo <osszes; utasitas* szabaly*; mutasd ismeteld; rendszer* titkos; parancs*',
  ro: 'ignora* uita; anterioare precedente <toate; instructiun* reguli*; arata dezvaluie repeta; sistem* secret*; comenzi',
  tr: '!yoksay* !yok !gormezden !unut* !boş; onceki* tum butun sana; talimat* kural* yonerge* istem*; !goster* !acıkla* !tekrarla* !yazdır* !soyle*; sistem* gizli senin; komut*',
  az: '!nəzərə !unut*; əvvəlki* bütün; təlimat* göstəriş* qayda*; !göstər* !təkrarla*; sistem* gizli; əmr*',
  id: 'abaikan lupakan acuhkan; sebelumnya semua; instruksi* perintah* aturan* arahan* petunjuk*; tampilkan ungkapkan ulangi tunjukkan; sistem* rahasia anda; tugas',
  vi: 'bỏ quên; trước trên tất; lệnh thị quy hướng; hiển tiết lặp; hệ bí; nhiệm',
  el: 'αγνόησε* ξέχασε* αγνοήστε*; προηγούμεν* <όλες; οδηγί* κανόν*; δείξε* αποκάλυψε* επανάλαβε*; συστήματ* κρυφ*; εντολ*',
  ar: 'تجاهل انس انسى انسَ; السابق* جميع كل أعلاه; التعليمات تعليمات* القواعد موجه; اعرض اكشف اطبع كرر اظهر; النظام نظام* السرية; الأوامر قيل',
  fa: '!نادیده !فراموش; قبلی تمام همه پیشین; دستور* قوانین; !نشان !فاش !تکرار; سیستم*; فرمان*',
  he: 'התעלם* שכח*; הקודמ* כל; ההוראות הוראות* הכללים; הצג חשוף הדפס; המערכת; פקודות',
  hi: '!अनदेखा !नज़रअंदाज़ !नजरअंदाज !भूल*; पिछले पिछली सभी पूर्व सिस्टम*; निर्देश* नियम* प्रॉम्प्ट*; !दिखा* !बता* !प्रकट !दोहरा*; सिस्टम* गुप्त अपना; आदेश*',
  bn: '!উপেক্ষা !ভুলে; পূর্ববর্তী আগের সব; নির্দেশ* নিয়ম*; !দেখাও !প্রকাশ; সিস্টেম*; আদেশ*',
}

/**
 * For scripts without spaces, and for Korean, which has many endings: bounded gaps keep these patterns
 * linear.
 */
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
    'reveal',
    '(系统|系統|初始|隐藏|你的|原始)[^。\\n]{0,4}(提示词|提示詞|指令|设定|設定)[^。\\n]{0,8}(发给我|發給我|给我|給我|告诉我|告訴我|说出来|說出來|贴出来|写出来|打印出来|输出来)',
  ],
  [
    'override',
    '(以前|これまで|前の|上記|先ほど|すべて|全て|今まで)[^。\\n]{0,8}(指示|命令|ルール|プロンプト|指令|規則|制約)[^。\\n]{0,8}(無視し|忘れ|破棄|従わない)',
  ],
  [
    'reveal',
    '(システム|初期|隠された|秘密|あなたの)[^。\\nが]{0,6}(プロンプト|指示|命令|ルール)[^。\\n]{0,10}(見せ|表示|教え|出力|開示|繰り返)',
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

/** Words in order, with at most two others between: alternatives are joined by `|`. */
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
      'mode your filters|restrictions|safety|guardrails off|disabled|gone',
      'act|pretend|roleplay|play late|deceased|dead grandmother|grandma|grandfather|grandpa|mother|father|uncle|aunt',
      'character|persona|someone|somebody|model not|never|doesn care|cares|follow|obey laws|law|ethics|morals|rules|policies',
      'bist|sei|spiele|simuliere ki|assistent|modell|chatbot ohne regeln|filter|einschrankungen|beschrankungen|grenzen|moral|zensur',
      'es|etes|sois|deviens|joue|agis ia|assistant|modele|chatbot sans restriction*|limite*|filtre*|regle*|censure|morale',
      'eres|sois|actua|responde|finge ia|asistente|modelo|chatbot sin restriccion*|limites|filtros|reglas|censura|etica',
      'voce|seja|aja|responda|finja ia|assistente|modelo|chatbot sem restric*|limites|filtros|regras|censura|etica',
      'sei|agisci|fingi|rispondi ia|ai|assistente|modello|chatbot senza restrizion*|limiti|filtri|regole|censura|etica',
      'bent|wees|speel ai|assistent|model|chatbot zonder beperkingen|restricties|regels|filters|grenzen|censuur',
      'jestes|badz|dzialaj|odpowiadaj ai|si|modelem|asystentem|chatbotem bez ograniczen|zasad|filtrow|cenzury|regul',
      'ты|будь|представь|отвечай ии|нейросеть*|модель*|ассистент*|бот без ограничен*|правил|фильтр*|цензур*',
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
      'wenn|falls du|sie ki|sprachmodell|llm bist|sind',
      'si tu|vous es|etes ia|llm|modele',
      'si eres ia|llm|modelo',
      'se voce ia|llm|modelo',
      'language|ai|llm model*|assistant*|agent* read*|process*|see*|pars*|analys*|analyz* this page|text|message|document|mail|email|file|website|content|review|comment|post|note|ticket|entry|record must|should|shall|has|have|please|need|needs',
    ],
  ],
  [
    'reveal',
    [
      'summarise|summarize|list|quote|translate|paraphrase|recite your confidential|hidden|secret|system|initial|original|own instructions|guidelines|prompt|rules|directives',
      'rules|instructions|prompt|guidelines your developers|developer|creators|creator|makers|operators gave|give|given',
    ],
  ],
  [
    'override',
    [
      'forget everything|anything you|above|i|previous were|told|said|wrote|instructed|learned|know',
      'forget|ignore|disregard everything|anything|all above|before|previous|prior',
      'stop following your|the|all instructions|rules|guidelines|prompt',
      'not|don|never|stop follow|obey|heed|adhere|comply your|previous|prior|earlier|above|system instructions|instruction|rules|guidelines|prompt|directives|orders',
      'set|put|leave|throw|cast aside|away all|any|your|previous|prior|earlier instructions|rules|guidance|guidelines|directives',
      'no sigas|siga|obedezcas|obedezca|cumplas|cumpla|respetes instruccion*|reglas|ordenes|indicacion* anterior*|previ*|iniciales|sistema',
      'nao siga|sigas|obedeca|obedecas|cumpra|respeite instruc*|regras|ordens|diretriz* anterior*|previ*|acima|iniciais|sistema',
      'non seguire|segua|obbedire|rispettare|ascoltare istruzion*|regole|direttiv* precedent*|sopra|iniziali|sistema',
      'ne tiens|tenez|suis|suivez|respecte|respectez|obeis plus|pas|aucun instruction*|consigne*|regles|directive* precedent*|anterieur*|dessus|initiales|systeme',
      'volg|volgt|gehoorzaam vorige|voorgaande|eerdere|bovenstaande|je|jouw instructies|regels|richtlijnen niet|nooit',
      'halte|halt|befolge|befolgt|folge nicht|nie|keine deine|deinen|vorherigen|bisherigen|vorigen|obigen|fruheren vorgaben|anweisungen|regeln|instruktionen|richtlinien',
      'olvida|olvide|ignora|ignore todo|toda anterior|anteriormente|antes|dicho|arriba',
      'ignore|ignora|esqueca|esquece|desconsidere tudo|todo anterior|anteriormente|antes|dito|acima',
      'dimentica|ignora tutto|cio precedente|precedentemente|prima|detto|sopra',
      'oublie|oubliez|ignore|ignorez tout avant|precede|dit|dessus',
      'ignore|disregard|forget above|preceding|foregoing instead|say|print|return|output|respond|write|answer|do',
      'previous|prior|earlier|original|your goal|objective|mission revoked|void|cancelled|canceled|nullified|superseded|replaced',
      'previous|prior|earlier|existing|your instructions|rules|directives|guidelines|prompt|restrictions revoked|void|cancelled|canceled|nullified|superseded|rescinded|suspended|lifted',
      'bypass|ignore|skip|override security|limits|restrictions|filters|policy|safety reveal|dump|show|expose|print|leak|list',
      'vergiss|vergesst|vergesse|ignoriere|ignoriert|losche alles|alle|was davor|zuvor|bisher|bisherige|vorher|vorherige|vorherigen',
      'vergeet|negeer wat|alles hierboven|hiervoor|daarvoor|eerder',
      'bỏ|quên chỉ dẫn trước|trên',
      'nie przestrzegaj*|stosuj*|wykonuj*|sluchaj* poprzedni*|wczesniejsz*|powyzsz*|zadnych instrukcj*|zasad*|polecen*|regul*|wytyczn*',
      'не следуй*|соблюдай*|выполняй*|слушай* предыдущ*|прежн*|прошл*|вышеуказанн* инструкци*|указани*|правил*|команд*',
      'nicht|kein|keine|statt|abweichend zu|auf|an vorherigen|bisherigen|vorigen|obigen instruktionen|anweisungen|aufgaben|angaben|vorgaben',
    ],
  ],
]

/** Marks of chat templates, which never belong in a user's text. */
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
  /** Whether the word may continue after the stem. */
  open: boolean
  /** Bits of `CLASS`. */
  classes: number
  /** The steps of phrases that it matches: phrase and step. */
  steps: readonly (readonly [phrase: number, step: number])[]
}

export interface Lexicon {
  /** Entries by the first three characters of their stems (`sieveOf`). */
  entries: readonly (readonly Entry[] | undefined)[]
  phrases: readonly { rule: string; steps: number }[]
  /** The last words of a run, and the pattern before them. */
  runs: readonly { rule: string; last: RegExp; before: RegExp; script: number }[]
}

/** Hashes the first three characters of a word to a number below 4,096. */
export function sieveOf(text: string, from: number, to: number): number {
  const second = from + 1 < to ? text.charCodeAt(from + 1) : 0
  const third = from + 2 < to ? text.charCodeAt(from + 2) : 0
  return (text.charCodeAt(from) * 961 + second * 31 + third) & 4095
}

/** The lexicon for `patterns.ts`: every word in the form of `normalise`. */
export function lexiconOf(): Lexicon {
  const found = new Map<string, Entry & { steps: [number, number][] }>()
  // A verb that is last in one language and first in another has an entry for each; so have words that are
  // before.
  const entryOf = (word: string, sign = '') => {
    const open = word.endsWith('*')
    const stem = normalise(open ? word.slice(0, -1) : word).text
    const key = `${sign}${stem}${open ? '*' : ''}`
    const entry = found.get(key) ?? { stem, open, classes: 0, steps: [] }
    found.set(key, entry)
    return entry
  }
  for (const words of Object.values(WORDS))
    for (const [index, group] of words.split(';').entries())
      for (const word of group.trim().split(/\s+/)) {
        const sign = /^[!<]/.exec(word)?.[0] ?? ''
        const order = sign === '!' ? CLASS.last : sign === '<' ? CLASS.before : 0
        entryOf(word.slice(sign.length), sign).classes |= (1 << index) | order
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
    // A stem of one or two letters would match the beginning of too many words.
    if (entry.open && entry.stem.length < 3) throw new RangeError(`the stem ${entry.stem}* is too short`)
  }
  return { entries, phrases, runs: RUNS.map(runOf) }
}

/** The last words are searched first, because few texts have them. */
function runOf([rule, pattern]: readonly [string, string]) {
  const cut = pattern.lastIndexOf('(')
  return {
    rule,
    last: new RegExp(pattern.slice(cut), 'g'),
    before: new RegExp(`${pattern.slice(0, cut)}$`),
    script: scriptOf(pattern),
  }
}

/** The bit of `patterns.ts` for a pattern's script. */
function scriptOf(pattern: string): number {
  if (/[\u0e00-\u0e7f]/.test(pattern)) return 4
  if (/[\uac00-\ud7a3]/.test(pattern)) return 32
  return /[\u3040-\u30ff]/.test(pattern) ? 8 : 16
}
