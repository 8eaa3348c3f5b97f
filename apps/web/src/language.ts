// Imported before all else. Where the system's language is C, WebKitGTK gives that as the visitor's, which is no tag of a language: uPlot
// asks for its numbers' form as it is loaded, and the page would stay blank.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
