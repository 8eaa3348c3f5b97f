/** Numbers of pairs, in the order in which they were added: open addressing over typed arrays, some 20 bytes a pair. */
export class PairTable {
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  /** Number + 1; 0 is an empty place. */
  #numbers = new Int32Array(1024);
  #size = 0;

  /** Pairs that were added. */
  get size(): number {
    return this.#size;
  }

  /** The number of a pair, or -1. */
  find(first: number, second: number): number {
    return this.#numbers[this.#placeOf(first, second)]! - 1;
  }

  /** The number of a pair, which is added when it is not there. */
  add(first: number, second: number): number {
    const place = this.#placeOf(first, second);
    if (this.#numbers[place]! > 0) return this.#numbers[place]! - 1;
    this.#put(place, first, second, ++this.#size);
    if (this.#size * 2 > this.#numbers.length) this.#grow();
    return this.#size - 1;
  }

  #put(place: number, first: number, second: number, number: number): void {
    this.#first[place] = first;
    this.#second[place] = second;
    this.#numbers[place] = number;
  }

  #placeOf(first: number, second: number): number {
    const mask = this.#numbers.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let place = (hash ^ (hash >>> 13)) & mask;
    while (this.#numbers[place]! > 0 && (this.#first[place] !== first || this.#second[place] !== second))
      place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [first, second, numbers] = [this.#first, this.#second, this.#numbers];
    this.#first = new Int32Array(numbers.length * 2);
    this.#second = new Int32Array(numbers.length * 2);
    this.#numbers = new Int32Array(numbers.length * 2);
    for (let place = 0; place < numbers.length; place++) {
      if (numbers[place]! === 0) continue;
      this.#put(this.#placeOf(first[place]!, second[place]!), first[place]!, second[place]!, numbers[place]!);
    }
  }
}
