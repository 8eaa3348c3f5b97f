/**
 * What a paragraph speaks of, in points: how it tells those who made an electronic text from the one who wrote the book.
 * Many words of many languages, none of which says anything alone; a paragraph is judged by how many meet in it.
 */
export interface Talk {
  /** Of electronic texts and of who made them. From `SURE` on it is no book's own. */
  readonly file: number;
  /** Of what a transcriber did to a printed text: typefaces, misprints, spelling. One point a subject. */
  readonly editing: number;
  /** Of Project Gutenberg, its small print, its licence and its donations. */
  readonly licence: number;
}

/** As many points of one kind as no author comes to by chance. */
export const SURE = 3;
/** More characters of a paragraph are not looked at. */
export const LONGEST_TALK = 2_500;

/** Project Gutenberg's name, in any language's spelling and over a line break; its addresses are `SITE`. */
export const GUTENBERG =
  /pro(?:ject|jekt|jektin|jekti|jet|getto|yecto|jecto|jeto|jekto)(?:['’]?s)?[\s_*"“”-]{1,80}gutenberg/iu;
const SITE = /gutenberg\.(?:org|net)|promo\.net\/pg/i;

type Weighed = readonly (readonly [RegExp, number])[];

const FILE: Weighed = [
  [GUTENBERG, 3],
  [/distributed\s+proofread|\bpgdp\b|internet\s(?:archive|wiretap)|archive\.org|hathitrust/i, 3],
  [/https?:\/\/|ftp:\/\/|\bwww[.:]|\bgutenberg\.(?:org|net)|[\w.]@[\w.-]{1,60}\.[a-z]{2,6}\b/i, 3],
  [/this\sfile\sshould\sbe\snamed|\.(?:zip|txt|html?)\b/i, 3],
  [/\be-?(?:texts?|books?)\b/i, 2],
  [
    /\b(?:electronic|online|on-line|digital)\s{1,4}(?:text|book|edition|version|file|library)|livre\s{1,4}électronique|(?:libro|edici[oó]n|edizione|livro)\s{1,4}(?:electr[oó]nic|elettronic|eletr[oô]nic|digital)\p{L}{1,4}|elektronisch\p{L}{0,3}\s/iu,
    2,
  ],
  [/\b(?:ASCII|UTF-?8|unicode|latin-1|iso-8859-\d+|x?html|epub|pdf|midi|lilypond|mp3|jpe?g|png)\b/i, 2],
  [
    /\b(?:text|source|html|music|image|sound)\s{1,4}(?:files?|readers?)\b|file\sencoding|character\sset|software|download/i,
    2,
  ],
  [/\bOCR\b|optical\scharacter|\b(?:page\s)?scans?\b|\bscann(?:ed|ing)\b|digiti[sz]|\bunderscores?\b/i, 2],
  // A mark that is spoken of stands alone.
  [/(?:^|[\s("'“])[_=](?=[\s)"'”.,])/u, 2],
  [/\bimages?\b|photocop|microfilm/i, 1],
  [/transcri(?:ber|ption|pt)|transkri|trascri|proof-?read|proofer/i, 1],
  [/public\sdomain|copyright\s{1,4}(?:clear|claim|status|laws)/i, 1],
  [/\bthank(?:s|ed)?\b|\bcredits?\b|remerci|danke?n?\b|bedank|agradec|ringrazi/i, 1],
  [/\b(?:produced|prepared|entered|typed|provided|updates?|updated|converted|made\savailable|compiled)\b/i, 1],
];

const EDITING: Weighed = [
  [
    /typograph|tipogr|typesett|misprint|\btypos?\b|printer['’]?s['’]?\serror|druckfehler|drukfout|zetfout|tippfehler|coquille|refus[oi]\b|\berrat/iu,
    1,
  ],
  [
    /correct|corrig|corrett|correz|correc|korrig|korrek|verbeter|correctie|berichtig|\bamend|\bemend|rettelse|rättel/iu,
    1,
  ],
  [/\berrors?\b|mistake|fehler|fouten|erreur|\berror|\berros\b|errori|inconsisten|anomal|\bvaria(?:nt|tion)/iu, 1],
  [/original|origineel|vorlage|first\sedition/iu, 1],
  [
    /spell(?:ing|ed|t)|spelt\b|orthogra|ortogra|rechtschreib|schreibweise|schreibung|grafia|spelling|hyphen|capitali[sz]/iu,
    1,
  ],
  [
    /punctuat|ponctuat|interpun|puntuaci|pontua|punteggiat|zeichensetz|quot(?:ation|e)\b|apostroph|full\sstop|parenthes/iu,
    1,
  ],
  [
    /italic|itali(?:que|sch)|kursiv|cursi(?:ef|ve|va)|corsiv|\bbold(?:face)?\b|\bgras\b|\bfett|gesperrt|small[-\s]cap|petites\scapitales|superscript|subscript|exposant|\bcaret\b|macron|breve\b|diacrit|\baccents?\b|ligature|antiqua|fraktur|\bfonts?\b|umlaut/iu,
    1,
  ],
  [
    /retained|preserved|unchanged|left\sas|as\s(?:printed|is\b|in\sthe)|beibehalten|übernommen|conserv|behouden|maintained|standardi[sz]ed|normali[sz]ed|silently|tacitement|stillschweigend|stilzwijgend/iu,
    1,
  ],
  [
    /\b(?:re)?placed\b|\bchanged\b|\bchanges\b|remplac|ersetz|vervang|sustitu|sostitu|supplied|\badded|inserted|removed|\bmoved\b|ajout|hinzugef|toegevoeg|(?:text|original)\sreads|\bmissing\b|geändert|änderung|gewijzigd|indiqu|indicated|represented|\bdenote|surrounded|enclosed|\bdouble[sd]?\b/iu,
    1,
  ],
  [
    /footnote|fußnote|voetno|illustration|\bimages?\b|page\snumber|sidenote|table\sof\scontents|chapter\sheading|\bindex\b/iu,
    1,
  ],
  [
    /(?:this|the|source|printed|present)\s(?:text|version|transcription|file|copy)|texte|\btekst|\btext[oi]\b|\btest[oi]\b|vers[aã]o|versi[oó]n|transcri|transkri|trascri|\btext\b|\bversion\b/iu,
    1,
  ],
];

const LICENCE: Weighed = [
  [GUTENBERG, 3],
  [SITE, 3],
  [/small\sprint|501\(c\)\(3\)|free\splain\svanilla|electronic\sversion\sof\sthe\scomplete/i, 3],
  [/^\W{0,9}end\sof\s(?:th(?:is|e)\s)?e-?(?:text|book)\b/i, 3],
  [/\be-?(?:texts?|books?)\b|internal\srevenue|literary\sarchive\sfoundation/i, 2],
  [/\bdonat|fund[-\s]rais|contribution|tax[-\s]deduct|royalt/i, 1],
  [/\bwarrant|liabilit|disclaim|indemni|refund|\bdefects?\b|trademark|licen[sc]e|copyright/i, 1],
  [/download|\be-?mail|newsletter|\bweb\ssites?\b|this\s(?:file|header)|machine\sreadable|\bdisk|computer/i, 1],
  [/electronic|public\sdomain|volunteer|proofread/i, 1],
];

/** Weighs the first `LONGEST_TALK` characters of a paragraph. */
export function talkOf(paragraph: string): Talk {
  const text = paragraph.slice(0, LONGEST_TALK);
  return { file: weigh(text, FILE), editing: weigh(text, EDITING), licence: weigh(text, LICENCE) };
}

/** Whether a paragraph is by those who made the file: it speaks of the file, or of what was done to the print. */
export function isApparatus({ file, editing }: Pick<Talk, "file" | "editing">): boolean {
  return file >= SURE || editing >= SURE || (file >= 2 && file + editing >= SURE);
}

function weigh(text: string, words: Weighed): number {
  let points = 0;
  for (const [word, weight] of words) if (word.test(text)) points += weight;
  return points;
}
