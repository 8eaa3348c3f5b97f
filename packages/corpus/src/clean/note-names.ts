/**
 * What a transcriber's note is called, as a regular expression's alternatives, to be matched in any case.
 *
 * @param gap A regular expression of what may stand between two of its words.
 */
export function noteNames(gap: string): string {
  return [
    `(?:(?:original|e-?text|e-?book)${gap})?transcri(?:ber|ption)(?:['’]?s)?['’]?${gap}(?:end[ \\t]?)?(?:notes?|comments?|remarks?)\\b`,
    `(?:notes?|comments?|remarks?)${gap}(?:by|of|from)${gap}(?:the${gap})?transcribers?\\b`,
    `(?:anmerkung(?:en)?|hinweise?|bemerkung(?:en)?)${gap}(?:zur|des|der)${gap}(?:transkri|bearbeit)\\p{L}*`,
    `notes?${gap}(?:du|de${gap}la|au|sur${gap}la)${gap}transcri\\p{L}*`,
    `notas?${gap}(?:del?|do|da)${gap}(?:la${gap})?tran?scri\\p{L}*`,
    `not[ae]${gap}(?:del|di|dei)${gap}trascri\\p{L}*`,
    `opmerking(?:en)?${gap}van${gap}de${gap}(?:bewerker|transcri)\\p{L}*`,
  ].join("|");
}
