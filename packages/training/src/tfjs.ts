export { createTfjsBackend } from "./tfjs/tfjs-backend.js";
