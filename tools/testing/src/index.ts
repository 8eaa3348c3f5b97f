export { expectClose } from "./close.js";
export { corporaFolder, corpusFile, describeWithCorpora } from "./corpora.js";
export { temporaryFolder } from "./temporary-folder.js";
