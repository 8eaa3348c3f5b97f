// What everybody does with the page, in every browser that is here.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describeInEveryBrowser, type Session } from "@charlstm/testing/every-browser";
import { expect, onTestFinished, test } from "vitest";
import { easyText, serveApp } from "./browser.js";

const isolating = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

describeInEveryBrowser("the page", (session, browser) => {
  /** The browser once more, without something that it gives otherwise. */
  const startLacking = async (given: Parameters<typeof browser.start>[0]) => {
    const lacking = await browser.start(given);
    onTestFinished(() => lacking.close());
    return visitor(lacking);
  };

  test("trains, pauses, goes on after a reload, writes, keeps, exports and imports", async () => {
    const page = visitor(session());
    const address = await serveApp({ headers: isolating });
    await page.open(`${address}#units=[32]&epochs=1000`);
    await page.paste(easyText.repeat(10));
    await page.press("Train");
    await page.press("Start learning");
    await page.says(/Step [1-9][\d,]* of/);
    await page.press("Pause");
    await page.says(/Paused; saved in this browser/);

    await page.open(address);
    await page.says(/Ready; “Your text” was paused at step [1-9]/);
    await page.press("Resume “Your text”");
    await page.says(/Learning from Your text/);
    await page.says(/Step [1-9][\d,]* of/);
    await page.press("Stop");
    await page.says(/Stopped; the model is kept/);
    const text = await page.write();

    await page.press("Keep");
    const file = join(temporaryFolder(), "model.charlstm");
    await writeFile(file, await page.download(".charlstm"));
    await page.press("Delete");
    await page.press("Delete for good");
    await page.says(/None yet\./);
    await page.choose(file);
    await page.says(/is here: open it under Play/);
    expect(await page.write()).toBe(text);
  });

  test("trains on as many threads as memory can be shared between, and on one where one is asked for", async () => {
    const page = visitor(session());
    const address = await serveApp({ headers: isolating });
    await page.open(address);
    const isShared = await session().run<boolean>(
      "return typeof SharedArrayBuffer === 'function' && crossOriginIsolated",
    );
    const isOneCore = await session().run<boolean>("return navigator.hardwareConcurrency === 1");
    await page.press("Start learning");
    await page.says(isShared && !isOneCore ? /[2-8] threads/ : /1 thread(?!s)/);
    await page.press("Stop");
    await page.says(/Stopped; the model is kept/);
    await page.open(`${address}#threads=1&preset=first-words`);
    await page.press("Start learning");
    await page.says(/Step [1-9].* 1 thread(?!s)/);
    await page.press("Stop");
    await page.says(/Stopped; the model is kept/);
  });

  test("trains without service workers, on a host that sends no headers", async () => {
    const page = visitor(session());
    await page.open(await serveApp({ first: "delete Navigator.prototype.serviceWorker" }));
    expect(await session().run("return 'serviceWorker' in navigator || crossOriginIsolated")).toBe(false);
    await page.press("Start learning");
    await page.says(/Step [1-9].* 1 thread(?!s)/);
    await page.press("Stop");
    await page.says(/Stopped; the model is kept/);
  });

  test("in a folder of a host opens, trains and writes without a network, and leaves the pages beside it alone", async () => {
    const page = visitor(session());
    let isDown = false;
    const files = new Map([["docs/", "The pages beside it"]]);
    const address = await serveApp({ headers: isolating, folder: "demo/", files, isDown: () => isDown });
    await page.open(address);
    await session().run("navigator.serviceWorker.ready.then(({ active }) => (window.worker = active))");
    await expect.poll(() => session().run("return window.worker?.state"), { timeout: 20_000 }).toBe("activated");
    isDown = true;
    await page.open(address);
    await page.press("Start learning");
    await page.says(/Step [1-9][\d,]* of/);
    await page.press("Stop");
    await page.says(/Stopped; the model is kept/);
    expect(await page.write()).toHaveLength(45);
    isDown = false;
    await session().open(`${address}docs/`);
    await expect(session().run("return document.body.textContent")).resolves.toBe("The pages beside it");
  });

  const blocks = browser.canLack.includes("site data");
  const unblocked = blocks ? "" : ` (skipped: ${browser.name} has no switch for them)`;
  test.skipIf(!blocks)(
    `whose site data are blocked opens, trains and writes, and says what it can't keep${unblocked}`,
    async () => {
      const page = await startLacking("site data");
      await page.open(await serveApp({ headers: isolating }));
      await page.press("Start learning");
      await page.says(/Step [1-9][\d,]* of/);
      await page.press("Stop");
      await page.says(/Stopped; the model is not saved: export it under Keep/);
      expect(await page.write()).toHaveLength(45);
    },
  );

  const missing = browser.canLack.includes("SIMD") ? "SIMD" : "WebAssembly";
  test(`without ${missing} says so at once, and opens texts`, async () => {
    const page = await startLacking(missing);
    await page.open(await serveApp({ headers: isolating }));
    await page.says(/This browser has no WebAssembly.*: texts open here, but no network trains or writes/);
    await page.paste(easyText);
  });
});

const button = `
  const isSeen = (element) => element.checkVisibility() && !element.disabled;
  return [...document.querySelectorAll("button")].find((element) => isSeen(element) &&
    (element.textContent.trim() === given || element.getAttribute("aria-label")?.startsWith(given + " ")));`;
const fill = `
  const [selector, text] = [given[0], given[1]];
  const field = document.querySelector(selector);
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));`;

/** What a visitor does, in words that are on the page. */
function visitor(session: Session) {
  const find = (body: string, given: unknown) => session.find(`const given = arguments[0];${body}`, given);
  // A part of the page comes when it is first asked for.
  const there = (body: string, given: unknown) =>
    expect.poll(() => find(body, given), { message: String(given), timeout: 20_000 }).toBeDefined();
  const setField = async (selector: string, text: string) => {
    await there("return document.querySelector(given)", selector);
    await session.run(`const given = arguments[0];${fill}`, [selector, text]);
  };
  const labelled = async (name: string) => {
    const label = `[...document.querySelectorAll("label")].find((one) => one.textContent === given)`;
    await there(`return ${label}`, name);
    return session.run<string>(`const given = arguments[0]; return "#" + CSS.escape(${label}.htmlFor)`, name);
  };
  const says = (words: RegExp) =>
    expect.poll(() => session.run<string>("return document.body.textContent"), { timeout: 40_000 }).toMatch(words);
  const press = async (name: string) => {
    await there(button, name);
    await session.click((await find(button, name))!);
  };
  return {
    says,
    press,
    async open(address: string) {
      // By way of another page: an address that differs in its fragment alone would not load it anew.
      await session.open("about:blank");
      await session.open(address);
      await says(/It will read/);
    },
    async paste(text: string) {
      await press("Text");
      await setField("#paste", text);
      await says(/CharactersD?\d*|Your text/);
      await expect
        .poll(() => session.run("return document.querySelector('#facts-title')?.textContent"))
        .toBe("Your text");
    },
    /** Writes at temperature 0, which always gives the same text. */
    async write(): Promise<string> {
      await press("Play");
      await setField("#prompt", "the c");
      await setField(await labelled("Temperature"), "0");
      await setField(await labelled("Length"), "40");
      await press("Write");
      await says(/40 characters written\./);
      return session.run("return document.querySelector('[data-testid=written]').textContent");
    },
    /** The bytes of the file that a button saves: each browser keeps downloads elsewhere. */
    async download(name: string): Promise<Buffer> {
      await session.run(`
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
          const reader = new FileReader();
          reader.onload = () => (window.saved = reader.result);
          reader.readAsDataURL(blob);
          return make.call(URL, blob);
        };`);
      await press(name);
      await expect.poll(() => session.run("return window.saved !== undefined"), { timeout: 20_000 }).toBe(true);
      return Buffer.from((await session.run<string>("return window.saved")).split(",")[1]!, "base64");
    },
    async choose(file: string) {
      const input = "return document.querySelector('input[type=file]')";
      await there(input, "a place for files");
      await session.type((await find(input, null))!, file);
    },
  };
}
