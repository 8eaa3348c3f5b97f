// What a text looks like beside the book that its model was trained on.

const order = 5;

/**
 * Counts a book once; the judge then tells of any text how surprising it is to an order-5 Markov model of the book (interpolated Witten–Bell, nats
 * a character), and which share of its whole words are the book's.
 *
 * @returns {(text: string) => { surprise: number, realWords: number }}
 */
export function judgeOf(book) {
  const contexts = Array.from({ length: order + 1 }, (_, length) => countFollowers(book, length));
  const alphabet = new Set(book).size;
  const words = new Set(wordsOf(book));
  return (text) => {
    // The first and the last word may be cut.
    const whole = wordsOf(text).slice(1, -1);
    const real = whole.filter((word) => words.has(word)).length;
    // Fewer words than this in 400 characters are no text.
    const realWords = whole.length < text.length / 40 ? 0 : real / whole.length;
    return { surprise: surpriseOf(text, contexts, alphabet), realWords };
  };
}

function countFollowers(book, length) {
  const followers = new Map();
  for (let place = length; place < book.length; place++) {
    const context = book.slice(place - length, place);
    const counts = followers.get(context) ?? { total: 0, of: new Map() };
    followers.set(context, counts);
    counts.total++;
    counts.of.set(book[place], (counts.of.get(book[place]) ?? 0) + 1);
  }
  return followers;
}

function surpriseOf(text, contexts, alphabet) {
  let sum = 0;
  for (let place = 0; place < text.length; place++) {
    let probability = 1 / alphabet;
    for (let length = 0; length <= Math.min(order, place); length++) {
      const counts = contexts[length].get(text.slice(place - length, place));
      if (!counts) break;
      const kinds = counts.of.size;
      probability = ((counts.of.get(text[place]) ?? 0) + kinds * probability) / (counts.total + kinds);
    }
    sum -= Math.log(probability);
  }
  return sum / text.length;
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}’']+/gu) ?? [];
