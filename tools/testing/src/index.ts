export { expectClose } from "./close.js";
export { corporaFolder, corpusFile, corpusNames, describeWithCorpora } from "./corpora.js";
export { isExhaustive } from "./exhaustive.js";
export { temporaryFolder } from "./temporary-folder.js";
