// node write.js [text file]: trains on the text, keeps the model in model/, and writes from it.
import { load, train } from "charlstm";

const [path] = process.argv.slice(2);
// Without a file, something to learn in seconds: the openings of a small chess club.
const white = ["e4", "d4", "c4", "Nf3", "g3"];
const black = ["e5", "d5", "c5", "Nf6", "e6", "g6", "d6"];
const games = Array.from({ length: 400 }, (_, game) => `1. ${white[(game * game) % 5]} ${black[(game * 3 + 1) % 7]}`);

const model = await train(path ? { path } : games.join("\n"), {
  seed: 1,
  onEpoch: ({ epoch, heldOutLoss }) =>
    console.log(`epoch ${epoch}: ${heldOutLoss?.toFixed(3)} nats on what is held out`),
});
await model.save("model");

const again = await load("model");
for await (const { character } of again.write({ length: 80, seed: 1 })) process.stdout.write(character);
console.log();
