// What only looking inside needs: fetched when somebody does.
export { mapCharacters } from "../logic/character-map.js";
export { interestingCells } from "../logic/interesting-cells.js";
export { watchText } from "./watched-text.js";
