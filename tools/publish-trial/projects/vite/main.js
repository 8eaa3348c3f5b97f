import { trainALittle } from "./train-in-page.js";

document.querySelector("#result").textContent = JSON.stringify(await trainALittle());
