import { effect, signal } from "@preact/signals";
import { keep, kept } from "../state/site-data.js";

type Theme = "auto" | "light" | "dark";

const key = "charlstm theme";
const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const titles: Record<Theme, string> = { auto: "as the system", light: "light", dark: "dark" };
const signs: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

const saved = kept(key);
const theme = signal<Theme>(saved === "light" || saved === "dark" ? saved : "auto");

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now. */
export const isDark = signal(false);

const followSystem = () => {
  isDark.value = theme.value === "dark" || (theme.value === "auto" && systemIsDark.matches);
};
systemIsDark.addEventListener("change", followSystem);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  keep(key, theme.value);
  followSystem();
});

export function ThemeSwitch() {
  const label = `Colours: ${titles[theme.value]}; change to ${titles[next[theme.value]]}`;
  return (
    <button type="button" class="quiet round" title={label} onClick={() => (theme.value = next[theme.value])}>
      <span aria-hidden="true">{signs[theme.value]}</span>
      <span class="unseen">{label}</span>
    </button>
  );
}
