// The page: hands the text to a worker, so that nothing stands still while it learns, and shows what comes back.
const [form, status, written] = ["form", "[role=status]", "pre"].map((name) => document.querySelector(name));
let worker;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  worker?.terminate();
  written.textContent = "";
  status.textContent = "Learning…";
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data: { epoch, loss, character, error, done } }) => {
    if (epoch) status.textContent = `Epoch ${epoch}: ${loss.toFixed(2)} nats a character`;
    if (character) written.append(character);
    if (error) status.textContent = error;
    if (done) status.textContent += ". Done.";
  });
  worker.postMessage(form.elements.text.value);
});
